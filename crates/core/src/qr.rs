//! The QR code as one SVG path.
//!
//! Level M without a logo, the bytes as they are given, four modules of quiet zone inside the view
//! box: what every scanner reads (ISO/IEC 18004). The page draws it black on an opaque white card.

use qrcodegen_no_heap::{QrCode, QrCodeEcc, Version};

/// The light modules that must surround the code (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;
/// CSS pixels that a module gets at least.
const MODULE_MIN: usize = 3;

/// A code, ready to draw in a square view box of `size` × `size` modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    /// Modules along one side, the quiet zone included.
    pub size: usize,
    /// The dark modules as the `d` of an SVG path, a run of a row at a time.
    pub path: String,
}

impl Qr {
    /// How wide to draw the code where `room` CSS pixels are free, in CSS pixels with three
    /// decimals: every module gets the same whole number of device pixels, and no fewer than three
    /// CSS pixels, below which cameras have a hard time. Where that needs more room, it is taken.
    ///
    /// `device_pixels`: for a thousand CSS pixels.
    pub fn width_css(&self, room: usize, device_pixels: usize) -> String {
        let device_pixels = device_pixels.max(1);
        let fitting = room
            .saturating_mul(device_pixels)
            .checked_div(self.size.saturating_mul(1_000))
            .unwrap_or_default();
        let least = device_pixels.saturating_mul(MODULE_MIN).div_ceil(1_000);
        let width = self.size.saturating_mul(fitting.max(least));
        let thousandths = width
            .saturating_mul(1_000_000)
            .checked_div(device_pixels)
            .unwrap_or_default();
        let (whole, rest) = (thousandths / 1_000, thousandths % 1_000);
        format!("{whole}.{rest:03}")
    }

    /// Encodes `data` byte for byte; `None` where it is longer than a code can hold.
    pub fn encode(data: &str) -> Option<Self> {
        let mut bytes = [0; Version::MAX.buffer_len()];
        let mut modules = [0; Version::MAX.buffer_len()];
        let code = encode(data.as_bytes(), &mut bytes, &mut modules)?;
        let width = code.size();
        let mut path = String::new();
        for (top, y) in (QUIET_ZONE..).zip(0..width) {
            let row: Vec<bool> = (0..width).map(|x| code.get_module(x, y)).collect();
            let mut left = QUIET_ZONE;
            for run in row.chunk_by(|a, b| a == b) {
                let length = run.len();
                if run.first() == Some(&true) {
                    path.push_str(&format!("M{left} {top}h{length}v1h-{length}z"));
                }
                left = left.saturating_add(length);
            }
        }
        let width = usize::try_from(width).ok()?;
        Some(Self {
            size: width.saturating_add(QUIET_ZONE.saturating_mul(2)),
            path,
        })
    }
}

/// The smallest code that holds the data, in byte mode.
fn encode<'a>(data: &[u8], bytes: &'a mut [u8], modules: &'a mut [u8]) -> Option<QrCode<'a>> {
    bytes.get_mut(..data.len())?.copy_from_slice(data);
    QrCode::encode_binary(
        bytes,
        data.len(),
        modules,
        QrCodeEcc::Medium,
        Version::MIN,
        Version::MAX,
        None,
        false,
    )
    .ok()
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
        let (mut bytes, mut modules) = ([0; 4_096], [0; 4_096]);
        let code = encode(data.as_bytes(), &mut bytes, &mut modules).unwrap();
        let grid = draw(&qr);
        for (y, row) in grid.iter().enumerate() {
            for (x, dark) in row.iter().enumerate() {
                let inside = (4..qr.size - 4).contains(&x) && (4..qr.size - 4).contains(&y);
                let expected = inside
                    && code
                        .get_module(i32::try_from(x).unwrap() - 4, i32::try_from(y).unwrap() - 4);
                assert_eq!(*dark, expected, "module {x},{y}");
            }
        }
    }

    #[test]
    fn every_module_gets_whole_device_pixels_and_at_least_three_css_pixels() {
        let code = |size| Qr {
            size,
            path: String::new(),
        };
        for (size, room, device_pixels, width) in [
            (49, 300, 1_000, "294.000"),
            (49, 300, 1_500, "294.000"),
            (49, 300, 2_000, "294.000"),
            (49, 300, 3_000, "294.000"),
            // 2.625 device pixels to a CSS pixel: 16 for each module.
            (49, 300, 2_625, "298.666"),
            // Too little room: three CSS pixels, or the next whole number of device pixels.
            (101, 300, 1_000, "303.000"),
            (101, 300, 1_500, "336.666"),
            (177, 0, 2_000, "531.000"),
            // A page zoomed out to half its size.
            (49, 300, 500, "294.000"),
        ] {
            assert_eq!(
                code(size).width_css(room, device_pixels),
                width,
                "{size} at {device_pixels}"
            );
        }
    }

    #[test]
    fn the_longest_links_fit_and_more_is_refused() {
        assert!(Qr::encode(&"x".repeat(600)).is_some());
        assert!(Qr::encode(&"x".repeat(2_331)).is_some());
        assert!(Qr::encode(&"x".repeat(2_332)).is_none());
    }
}
