//! The UPI apps.

use checkout_core::checkout::AppButton as Button;
use checkout_core::words;
use leptos::prelude::*;

use super::app_button::AppButton;

/// One row for each app.
#[component]
pub(super) fn AppList(
    /// The apps, in order; none hides the list.
    apps: Memo<Vec<Button>>,
    /// Whether the list comes before the code.
    apps_first: bool,
) -> impl IntoView {
    let heading = if apps_first {
        words::CHOOSE_APP
    } else {
        words::OR_APP
    };
    let some = Memo::new(move |_| apps.with(|apps| !apps.is_empty()));
    view! {
        <Show when=move || some.get()>
            <section class="app-list">
                <h2 class="app-list-heading">{heading}</h2>
                <ul class="app-list-rows" role="list">
                    {move || {
                        apps.get()
                            .into_iter()
                            .map(|button| view! { <li><AppButton button /></li> })
                            .collect_view()
                    }}
                </ul>
            </section>
        </Show>
    }
}
