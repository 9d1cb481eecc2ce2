//! What a phone's camera would read: a QR code out of a picture's pixels.
//!
//! The decoder (`rqrr`) has nothing in common with the encoder that draws the code.

use crate::browser::Window;
use crate::wait::{self, until};
use crate::{Failure, Result};
use png::{ColorType, Decoder, Transformations};
use rqrr::PreparedImage;
use std::io::Cursor;

/// Reads the one code in a PNG.
///
/// # Errors
/// Where there is none or more than one, or it cannot be read.
pub fn read(png: &[u8]) -> Result<String> {
    let picture = Picture::decode(png)?;
    let mut prepared =
        PreparedImage::prepare_from_greyscale(picture.width, picture.height, |x, y| {
            picture.grey(x, y)
        });
    let codes = prepared.detect_grids();
    let [code] = codes.as_slice() else {
        return Err(Failure::new(format!(
            "{} QR codes in the picture instead of one",
            codes.len()
        )));
    };
    Ok(code.decode()?.1)
}

/// Waits until the one code to be seen in a window is that of a link: a picture may be older than the
/// page, by the time that the browser takes to paint.
///
/// # Errors
/// What is to be seen instead.
pub async fn comes_to(window: &Window, link: &str) -> Result {
    until(wait::SOON, &format!("the code of {link}"), async || {
        Ok(match read(&window.screenshot().await?) {
            Ok(seen) if seen == link => Ok(()),
            Ok(seen) => Err(seen),
            Err(why) => Err(why.to_string()),
        })
    })
    .await
}

/// Width and height of a PNG.
///
/// # Errors
/// Where it is none.
pub fn size(png: &[u8]) -> Result<(usize, usize)> {
    let picture = Picture::decode(png)?;
    Ok((picture.width, picture.height))
}

struct Picture {
    width: usize,
    height: usize,
    channels: usize,
    bytes: Vec<u8>,
}

impl Picture {
    fn decode(png: &[u8]) -> Result<Self> {
        let mut decoder = Decoder::new(Cursor::new(png));
        decoder.set_transformations(Transformations::normalize_to_color8());
        let mut reader = decoder.read_info()?;
        let size = reader
            .output_buffer_size()
            .ok_or_else(|| Failure::new("the picture is too large"))?;
        let mut bytes = vec![0; size];
        let frame = reader.next_frame(&mut bytes)?;
        let channels = match frame.color_type {
            ColorType::Grayscale | ColorType::Indexed => 1,
            ColorType::GrayscaleAlpha => 2,
            ColorType::Rgb => 3,
            ColorType::Rgba => 4,
        };
        Ok(Self {
            width: usize::try_from(frame.width)?,
            height: usize::try_from(frame.height)?,
            channels,
            bytes,
        })
    }

    fn grey(&self, x: usize, y: usize) -> u8 {
        let at = (y * self.width + x) * self.channels;
        let colours = self.channels.min(3);
        let pixel = self.bytes.get(at..at + colours).unwrap_or(&[0]);
        let sum: usize = pixel.iter().map(|part| usize::from(*part)).sum();
        u8::try_from(sum / pixel.len()).unwrap_or(u8::MAX)
    }
}
