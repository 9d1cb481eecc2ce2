//! The loader in a shop's page. The checkout in its frame is a scripted one, on an origin of its own;
//! where money is paid it is the real one, from the real gateway.

/// Tells each story on a desktop in each engine: one test for each pair.
macro_rules! in_each_engine {
    ($($story:ident)*) => {$(
        mod $story {
            use end_to_end::browser::Device;
            use end_to_end::{Result, scene};

            #[test]
            fn chromium() -> Result {
                scene(async |scene| super::$story(scene, Device::Desktop).await)
            }

            #[test]
            fn firefox() -> Result {
                scene(async |scene| super::$story(scene, Device::DesktopFirefox).await)
            }

            #[test]
            fn webkit() -> Result {
                scene(async |scene| super::$story(scene, Device::DesktopWebkit).await)
            }
        }
    )*};
}

mod manners;
mod payments;
mod trust;
mod world;
