//! JSON, parsed by the browser and handed to core.

use checkout_core::json::Json;
use js_sys::{Array, JSON, JsString, Number, Object};
use wasm_bindgen::{JsCast, JsValue};

/// No answer is deeper than this; what lies below is of no use and reads as nothing.
const DEPTH_MAX: u32 = 16;

/// Reads a text; `None` where it is no JSON.
pub fn parse(text: &str) -> Option<Json> {
    Some(convert(&JSON::parse(text).ok()?, DEPTH_MAX))
}

fn convert(value: &JsValue, depth: u32) -> Json {
    let Some(below) = depth.checked_sub(1) else {
        return Json::Null;
    };
    if let Some(text) = value.as_string() {
        Json::Text(text)
    } else if let Some(flag) = value.as_bool() {
        Json::Bool(flag)
    } else if let Some(number) = value.dyn_ref::<Number>() {
        Json::Number(written(number))
    } else if let Some(items) = value.dyn_ref::<Array>() {
        Json::List(items.iter().map(|item| convert(&item, below)).collect())
    } else if let Some(object) = value.dyn_ref::<Object>() {
        let fields = Object::entries(object);
        Json::Object(fields.iter().filter_map(|it| field(&it, below)).collect())
    } else {
        Json::Null
    }
}

/// The shortest text that reads as this number again.
fn written(number: &Number) -> String {
    let text = number.to_string_with_radix(10);
    text.map_or_else(|_| String::new(), String::from)
}

fn field(entry: &JsValue, depth: u32) -> Option<(String, Json)> {
    let entry: &Array = entry.dyn_ref()?;
    let name: JsString = entry.get(0).dyn_into().ok()?;
    Some((name.into(), convert(&entry.get(1), depth)))
}
