//! Dates in links: the moment when a code expires, and the days between which a mandate is valid.

use std::fmt;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: i64,
    month: i64,
    day: i64,
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

impl Day {
    fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        let is_leap = (year.checked_rem(4)? == 0 && year.checked_rem(100)? != 0)
            || year.checked_rem(400)? == 0;
        let days = match month {
            4 | 6 | 9 | 11 => 30,
            2 if is_leap => 29,
            2 => 28,
            1..=12 => 31,
            _ => return None,
        };
        ((1..=days).contains(&day) && (1970..=9999).contains(&year)).then_some(Self {
            year,
            month,
            day,
        })
    }

    /// Reads `DDMMYYYY`, as mandates write it.
    pub fn from_ddmmyyyy(text: &str) -> Option<Self> {
        if text.len() != 8 {
            return None;
        }
        let (day, rest) = text.split_at_checked(2)?;
        let (month, year) = rest.split_at_checked(2)?;
        Self::new(number(year)?, number(month)?, number(day)?)
    }

    /// Days since 1 January 1970.
    ///
    /// Counted from 1 March, so that the leap day is the last of its year; an era has 400 years.
    fn since_1970(self) -> Option<i64> {
        let march_year = if self.month > 2 {
            self.year
        } else {
            self.year.checked_sub(1)?
        };
        let march_month = self.month.checked_add(9)?.checked_rem(12)?;
        let in_year = march_month
            .checked_mul(153)?
            .checked_add(2)?
            .checked_div(5)?
            .checked_add(self.day)?
            .checked_sub(1)?;
        let leaps = march_year
            .checked_div(4)?
            .checked_sub(march_year.checked_div(100)?)?
            .checked_add(march_year.checked_div(400)?)?;
        march_year
            .checked_mul(365)?
            .checked_add(leaps)?
            .checked_add(in_year)?
            .checked_sub(719_468)
    }
}

/// `17 Jan 2027`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = usize::try_from(self.month)
            .ok()
            .and_then(|month| month.checked_sub(1));
        let month = place
            .and_then(|place| MONTHS.get(place))
            .copied()
            .unwrap_or_default();
        write!(f, "{} {month} {}", self.day, self.year)
    }
}

/// Reads a moment such as `2024-03-21T10:59:04.823747522+05:30` into milliseconds since 1970.
///
/// The fraction may have any length. A `+` that was taken for a space is read as a `+`; without an
/// offset the moment is in Indian time, which every bank means.
pub fn moment_ms(text: &str) -> Option<u64> {
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let [year, month, day] = fields(date, '-')?;
    let days = Day::new(year, month, day)?.since_1970()?;

    let offset_at = time.find(['+', '-', ' ', 'Z', 'z']).unwrap_or(time.len());
    let (clock, offset) = time.split_at_checked(offset_at)?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [hour, minute, second] = fields(clock, ':')?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let minutes = days
        .checked_mul(1_440)?
        .checked_add(hour.checked_mul(60)?)?
        .checked_add(minute)?;
    let seconds = minutes
        .checked_sub(offset_minutes(offset)?)?
        .checked_mul(60)?
        .checked_add(second)?;
    u64::try_from(
        seconds
            .checked_mul(1_000)?
            .checked_add(milliseconds(fraction)?)?,
    )
    .ok()
}

/// `+05:30` or `+0530` in minutes.
fn offset_minutes(text: &str) -> Option<i64> {
    let (sign, rest) = match text.chars().next() {
        None => return Some(330),
        Some('Z' | 'z') => return (text.len() == 1).then_some(0),
        Some('-') => (-1, text.get(1..)?),
        Some(_) => (1, text.get(1..)?),
    };
    let digits = rest.replace(':', "");
    let (hours, minutes) = if digits.len() == 4 {
        digits.split_at_checked(2)?
    } else {
        return None;
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    if hours > 14 || minutes > 59 {
        return None;
    }
    hours
        .checked_mul(60)?
        .checked_add(minutes)?
        .checked_mul(sign)
}

fn milliseconds(fraction: &str) -> Option<i64> {
    number(fraction.get(..fraction.len().min(18))?)?;
    let padded: String = fraction.chars().chain("00".chars()).take(3).collect();
    number(&padded)
}

fn fields<const N: usize>(text: &str, separator: char) -> Option<[i64; N]> {
    let numbers: Option<Vec<i64>> = text.split(separator).map(number).collect();
    numbers?.try_into().ok()
}

/// A number of ASCII digits alone.
fn number(text: &str) -> Option<i64> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn moments_are_read() {
        for (text, ms) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2024-03-21T10:59:04.823747522+05:30", 1_710_998_944_823),
            ("2024-03-21T10:59:04.823747522 05:30", 1_710_998_944_823),
            ("2024-03-21T10:59:04.8+0530", 1_710_998_944_800),
            ("2024-03-21 10:59:04", 1_710_998_944_000),
            ("2024-02-29T23:59:59-00:30", 1_709_252_999_000),
            ("2000-03-01T00:00:00z", 951_868_800_000),
        ] {
            assert_eq!(moment_ms(text), Some(ms), "{text}");
        }
    }

    #[test]
    fn nonsense_is_no_moment() {
        for text in [
            "",
            "T",
            "2024-03-21",
            "2024-13-01T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "2024-03-21T24:00:00Z",
            "2024-03-21T10:59Z",
            "2024-03-21T10:59:04+99:00",
            "2024-03-21T10:59:04+5",
            "2024-03-21T10:59:04.Z",
            "1969-12-31T00:00:00Z",
            "0000-00-00T00:00:00Z",
            "२०२४-03-21T10:59:04Z",
            "2024-03-21T10:59:04Zx",
        ] {
            assert_eq!(moment_ms(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_read_and_worded() {
        let day = |text| Day::from_ddmmyyyy(text).map(|day| day.to_string());
        assert_eq!(day("17012027").as_deref(), Some("17 Jan 2027"));
        assert_eq!(day("29022028").as_deref(), Some("29 Feb 2028"));
        for text in [
            "",
            "29022027",
            "00012027",
            "32012027",
            "01132027",
            "1701202",
            "170120277",
            "17-01-27",
            "१७०१२०२७",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*|[0-9TZ:+. -]{0,40}") {
            let _ = moment_ms(&text);
            let _ = Day::from_ddmmyyyy(&text);
        }

        #[test]
        fn the_next_day_is_86400_seconds_later(ms in 0_u64..4_000_000_000_000) {
            // The calendar, walked forwards by an independent rule.
            let (mut days, mut year) = (ms / 86_400_000, 1970_u64);
            let leap = |year: u64| u64::from((year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400));
            while days >= 365 + leap(year) {
                days -= 365 + leap(year);
                year += 1;
            }
            let mut month = 1;
            for length in [31, 28 + leap(year), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
                if days < length { break }
                days -= length;
                month += 1;
            }
            let text = format!("{year}-{month:02}-{:02}T00:00:00Z", days + 1);
            prop_assert_eq!(moment_ms(&text), Some(ms / 86_400_000 * 86_400_000), "{}", text);
        }
    }
}
