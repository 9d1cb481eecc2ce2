//! The page's own address: which order, which theme.

/// What the address asks for: `/pay/{id}` or `/?id={id}`, with optional `theme`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The order.
    pub order_id: Option<String>,
    /// Light, dark, or as the phone is.
    pub theme: Theme,
}

/// The colours of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the phone is set.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// The longest order id that is asked for.
const ID_LENGTH_MAX: usize = 128;

impl Address {
    /// Reads the path (`/pay/o1`) and the query (`?id=o1&theme=dark`, with or without the `?`).
    /// An id may hold letters, digits, `.`, `_`, `~` and `-`.
    pub fn read(path: &str, query: &str) -> Self {
        let query = query.strip_prefix('?').unwrap_or(query);
        let value = |key: &str| {
            query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(name, _)| *name == key)
                .map(|(_, value)| value)
        };
        let in_path = path
            .split_once("/pay/")
            .map(|(_, id)| id.trim_end_matches('/'));
        let theme = match value("theme") {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            Some(_) | None => Theme::Auto,
        };
        let order_id = in_path
            .or(value("id"))
            .filter(|id| is_id(id))
            .map(str::to_owned);
        Self { order_id, theme }
    }
}

fn is_id(text: &str) -> bool {
    (1..=ID_LENGTH_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._~-".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_found_in_path_or_query() {
        for (path, query, id) in [
            ("/pay/o1", "", Some("o1")),
            ("/pay/o1/", "?theme=dark", Some("o1")),
            ("/shop/pay/o1", "", Some("o1")),
            ("/", "?id=o1", Some("o1")),
            ("/index.html", "lang=hi&id=A-b_c.d~1", Some("A-b_c.d~1")),
            ("/", "", None),
            ("/", "?id=", None),
            ("/pay/", "", None),
            ("/pay/a b", "", None),
            ("/pay/%3Cscript%3E", "", None),
            ("/pay/a/b", "", None),
        ] {
            assert_eq!(
                Address::read(path, query).order_id.as_deref(),
                id,
                "{path} {query}"
            );
        }
        assert_eq!(
            Address::read("/", &format!("?id={}", "a".repeat(129))).order_id,
            None
        );
    }

    #[test]
    fn the_theme_is_read_and_unknown_ones_are_automatic() {
        assert_eq!(Address::read("/", "?theme=dark").theme, Theme::Dark);
        assert_eq!(Address::read("/", "?theme=light").theme, Theme::Light);
        assert_eq!(Address::read("/", "?theme=pink").theme, Theme::Auto);
    }
}
