//! The code as a picture: drawn on a canvas, saved as a file, or handed to another app.

use checkout_core::checkout::Picture;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, CanvasRenderingContext2d, DomException, File, FilePropertyBag, HtmlAnchorElement,
    HtmlCanvasElement, Path2d, ShareData, Url, window,
};

const PNG: &str = "image/png";
/// Pixels across at least: sharp when a phone's gallery shows it large.
const WIDTH_MIN: usize = 1_024;
/// Of these heights, one line of text, in parts of the width.
const LINE_PART: usize = 16;

/// Saves the picture as a file and tells later whether that worked.
pub fn save(picture: Picture, done: impl FnOnce(bool) + 'static) {
    spawn_local(async move {
        let saved = match png(&picture).await {
            Some(blob) => download(&blob, &picture.file_name).is_ok(),
            None => false,
        };
        done(saved);
    });
}

/// Offers the picture to other apps and tells later whether one took it; a customer who changes
/// their mind is told nothing.
pub fn share(picture: Picture, done: impl FnOnce(bool) + 'static) {
    spawn_local(async move {
        let shared = match png(&picture).await {
            Some(blob) => hand_over(&blob, &picture.file_name).await,
            None => Err(JsValue::NULL),
        };
        match shared {
            Ok(_) => done(true),
            Err(why) if is_cancelled(&why) => {}
            Err(_) => done(false),
        }
    });
}

/// Whether the browser can hand a picture to another app.
pub fn can_share() -> bool {
    let Some(navigator) = window().map(|window| window.navigator()) else {
        return false;
    };
    // Many browsers have no such function, whatever the type says.
    Reflect::has(&navigator, &JsValue::from_str("canShare")).unwrap_or(false)
        && share_data(&JsValue::from_str(""), "code.png")
            .is_ok_and(|data| navigator.can_share_with_data(&data))
}

async fn hand_over(blob: &Blob, name: &str) -> Result<JsValue, JsValue> {
    let navigator = window().ok_or(JsValue::NULL)?.navigator();
    JsFuture::from(navigator.share_with_data(&share_data(blob, name)?)).await
}

fn share_data(content: &JsValue, name: &str) -> Result<ShareData, JsValue> {
    let options = FilePropertyBag::new();
    options.set_type(PNG);
    let content = Array::of1(content);
    let file = File::new_with_blob_sequence_and_options(&content, name, &options)?;
    let data = ShareData::new();
    data.set_files(&Array::of1(&file));
    Ok(data)
}

fn is_cancelled(why: &JsValue) -> bool {
    why.dyn_ref::<DomException>()
        .is_some_and(|why| why.name() == "AbortError")
}

fn download(blob: &Blob, name: &str) -> Result<(), JsValue> {
    let document = window().and_then(|window| window.document());
    let link = document.ok_or(JsValue::NULL)?.create_element("a")?;
    let link: HtmlAnchorElement = link.dyn_into()?;
    let address = Url::create_object_url_with_blob(blob)?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The browser has taken hold of the content by now.
    Url::revoke_object_url(&address)
}

async fn png(picture: &Picture) -> Option<Blob> {
    let canvas = draw(picture)?;
    let made = Promise::new(&mut |resolve: Function, reject: Function| {
        if canvas.to_blob_with_type(&resolve, PNG).is_err() {
            let _ = reject.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(made).await.ok()?.dyn_into().ok()
}

/// The code on white, with its lines under it.
fn draw(picture: &Picture) -> Option<HtmlCanvasElement> {
    let module = WIDTH_MIN.div_ceil(picture.code.size.max(1));
    let width = picture.code.size * module;
    let line = width / LINE_PART;
    let height = width + line * (picture.lines.len() + 1);

    let document = window()?.document()?;
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context = canvas.get_context("2d").ok()??;
    let context: CanvasRenderingContext2d = context.dyn_into().ok()?;

    context.set_fill_style_str("#fff");
    context.fill_rect(0.0, 0.0, width as f64, height as f64);
    context.set_fill_style_str("#000");
    context.save();
    context.scale(module as f64, module as f64).ok()?;
    let path = Path2d::new_with_path_string(&picture.code.path).ok()?;
    context.fill_with_path_2d(&path);
    context.restore();

    context.set_text_align("center");
    context.set_font(&format!("600 {}px system-ui,sans-serif", line * 3 / 4));
    for (index, text) in picture.lines.iter().enumerate() {
        let baseline = width + line * (index + 1) - line / 4;
        let (middle, room) = ((width / 2) as f64, (width - line) as f64);
        let written = context.fill_text_with_max_width(text, middle, baseline as f64, room);
        written.ok()?;
    }
    Some(canvas)
}
