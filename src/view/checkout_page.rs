//! The whole page.

use checkout_core::apps::App;
use checkout_core::config::Brand;
use checkout_core::words;
use leptos::prelude::*;

use super::Ui;
use super::amount::Amount;
use super::app_list::AppList;
use super::asked::Asked;
use super::countdown::Countdown;
use super::elsewhere::ElsewherePanel;
use super::headline::Headline;
use super::offline_notice::OfflineNotice;
use super::payee_line::PayeeLine;
use super::qr_panel::QrPanel;
use super::status_panel::StatusPanel;
use super::ui::word;
use super::upi_id::UpiId;
use super::utr_form::UtrForm;
use super::way_on::WayOn;
use super::web_link::WebLink;

/// Draws the page of one order.
#[component]
pub fn CheckoutPage(
    /// The checkout.
    ui: Ui,
    /// The merchant's looks.
    brand: Brand,
    /// The apps that there can be, in order.
    apps: Vec<App>,
) -> impl IntoView {
    view! {
        <div class="screen" data-testid="screen" data-screen=ui.text(|view| view.screen.name())>
            <OfflineNotice ui />
            <main class="card">
                <Headline ui />
                <section class="summary" hidden=ui.flag(|view| view.amounts.is_none())>
                    <PayeeLine ui brand />
                    <Amount ui />
                    <Countdown ui />
                </section>
                <div class="ways" data-apps-first=ui.text(|view| word(view.apps_first))>
                    <ElsewherePanel ui />
                    <Asked ui />
                    <WebLink ui />
                    <AppList ui apps />
                    <QrPanel ui />
                </div>
                <div class="details">
                    <UpiId ui />
                    <UtrForm ui />
                </div>
                <StatusPanel ui />
                <WayOn ui />
            </main>
            <footer class="footer">{words::FOOTER}</footer>
        </div>
    }
}
