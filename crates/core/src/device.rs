//! Which kind of device shows the page.

/// What decides between "apps first" and "QR first".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// UPI apps can be on it; it cannot scan its own screen.
    Phone,
    /// The customer's phone is another device: it scans the code.
    Desktop,
}

impl Device {
    /// Tells by the user agent; iPads that pose as Macs are told by their touch points.
    pub fn detect(user_agent: &str, touch_points: i32) -> Self {
        let has = |word: &str| user_agent.contains(word);
        let ipad = has("iPad") || (has("Macintosh") && touch_points > 1);
        if has("Android") || has("iPhone") || has("iPod") || ipad {
            Self::Phone
        } else {
            Self::Desktop
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_told_from_desktops() {
        for (agent, touch, device) in [
            (
                "Mozilla/5.0 (Linux; Android 14; SM-A245F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
                5,
                Device::Phone,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
                5,
                Device::Phone,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
                5,
                Device::Phone,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
                0,
                Device::Desktop,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
                10,
                Device::Desktop,
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                0,
                Device::Desktop,
            ),
        ] {
            assert_eq!(Device::detect(agent, touch), device, "{agent}");
        }
    }
}
