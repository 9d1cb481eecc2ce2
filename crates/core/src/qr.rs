//! The QR code as one SVG path.
//!
//! Level M without a logo, the bytes as they are given, four modules of quiet zone inside the view
//! box: what every scanner reads (ISO/IEC 18004). The page draws it black on an opaque white card.

use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

/// The light modules that must surround the code (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;

/// A code, ready to draw in a square view box of `size` × `size` modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    /// Modules along one side, the quiet zone included.
    pub size: usize,
    /// The dark modules as the `d` of an SVG path, a run of a row at a time.
    pub path: String,
}

impl Qr {
    /// Encodes `data` byte for byte; `None` where it is longer than a code can hold.
    pub fn encode(data: &str) -> Option<Self> {
        let code = QrCode::with_bits(bits(data.as_bytes())?, EcLevel::M).ok()?;
        let width = code.width();
        let colors = code.into_colors();
        let mut path = String::with_capacity(colors.len());
        for (y, row) in colors.chunks(width.max(1)).enumerate() {
            let mut x: usize = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run.first() == Some(&Color::Dark) {
                    let (left, top) = (x.saturating_add(QUIET_ZONE), y.saturating_add(QUIET_ZONE));
                    let length = run.len();
                    path.push_str(&format!("M{left} {top}h{length}v1h-{length}z"));
                }
                x = x.saturating_add(run.len());
            }
        }
        Some(Self {
            size: width.saturating_add(QUIET_ZONE.saturating_mul(2)),
            path,
        })
    }
}

/// The bits of the smallest version that holds the data, in byte mode alone: links are mixed case,
/// and the crate's search for shorter mixtures of modes would be part of every page.
fn bits(data: &[u8]) -> Option<Bits> {
    (1..=40).find_map(|version| {
        let mut bits = Bits::new(Version::Normal(version));
        bits.push_byte_data(data).ok()?;
        bits.push_terminator(EcLevel::M).ok()?;
        Some(bits)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fills the path into a grid, by a reading of SVG that shares nothing with the writer.
    fn draw(qr: &Qr) -> Vec<Vec<bool>> {
        let mut grid = vec![vec![false; qr.size]; qr.size];
        for run in qr.path.split('M').skip(1) {
            let (start, rest) = run.split_once('h').unwrap();
            let (x, y) = start.split_once(' ').unwrap();
            let length: usize = rest.split('v').next().unwrap().parse().unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            assert_eq!(rest, format!("{length}v1h-{length}z"));
            grid[y][x..x + length].fill(true);
        }
        grid
    }

    #[test]
    fn the_path_draws_the_modules_inside_a_quiet_zone() {
        let data = "upi://pay?pa=shop@bank&am=499.00&cu=INR";
        let qr = Qr::encode(data).unwrap();
        let code = QrCode::with_bits(bits(data.as_bytes()).unwrap(), EcLevel::M).unwrap();
        let grid = draw(&qr);
        for (y, row) in grid.iter().enumerate() {
            for (x, dark) in row.iter().enumerate() {
                let inside = (4..qr.size - 4).contains(&x) && (4..qr.size - 4).contains(&y);
                let expected = inside && code[(x - 4, y - 4)] == Color::Dark;
                assert_eq!(*dark, expected, "module {x},{y}");
            }
        }
    }

    #[test]
    fn the_longest_links_fit_and_more_is_refused() {
        assert!(Qr::encode(&"x".repeat(600)).is_some());
        assert!(Qr::encode(&"x".repeat(2_331)).is_some());
        assert!(Qr::encode(&"x".repeat(2_332)).is_none());
    }
}
