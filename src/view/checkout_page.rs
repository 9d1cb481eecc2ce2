//! The whole page.

use checkout_core::checkout::View;
use checkout_core::config::Brand;
use checkout_core::words;
use leptos::prelude::*;

use super::amount::Amount;
use super::app_list::AppList;
use super::countdown::Countdown;
use super::headline::Headline;
use super::offline_notice::OfflineNotice;
use super::payee_line::PayeeLine;
use super::qr_panel::QrPanel;
use super::status_panel::StatusPanel;
use super::upi_id::UpiId;
use super::utr_form::UtrForm;
use super::way_on::WayOn;

/// Draws the page of one order.
#[component]
pub fn CheckoutPage(
    /// Core's view of the order, set by the driver alone.
    view: ReadSignal<View>,
    /// The merchant's looks.
    brand: Brand,
) -> impl IntoView {
    let part = Part(view);
    let apps_first = part.of(|view| view.apps_first);
    let apps = part.of(|view| view.apps.clone());
    let qr = part.of(|view| view.qr.clone());
    let payee = part.of(|view| view.payee.clone());
    let screen = part.of(|view| view.screen);
    view! {
        <div class="screen" data-testid="screen" data-screen=move || screen.get().name()>
            <OfflineNotice offline=part.of(|view| view.offline) />
            <main class="card">
                <Headline
                    screen
                    headline=part.of(|view| view.headline.clone())
                    explanation=part.of(|view| view.explanation.clone())
                />
                <section class="summary">
                    <PayeeLine payee brand />
                    <Amount
                        amounts=part.of(|view| view.amounts.clone())
                        note=part.of(|view| view.amount_note)
                    />
                    <Countdown left=part.of(|view| view.countdown.clone()) />
                </section>
                <div class="ways">
                    {move || {
                        if apps_first.get() {
                            view! {
                                <AppList apps apps_first=true />
                                <QrPanel qr apps_first=true />
                            }
                                .into_any()
                        } else {
                            view! {
                                <QrPanel qr apps_first=false />
                                <AppList apps apps_first=false />
                            }
                                .into_any()
                        }
                    }}
                </div>
                <div class="details">
                    <UpiId payee note=part.of(|view| view.copy_note) />
                    <UtrForm utr=part.of(|view| view.utr.clone()) />
                </div>
                <StatusPanel
                    status=part.of(|view| view.status.clone())
                    waiting=part.of(|view| view.waiting.clone())
                />
                <WayOn
                    continues=part.of(|view| view.continue_to.is_some())
                    retry=part.of(|view| view.retry.then_some(view.busy))
                />
            </main>
            <footer class="footer">{words::FOOTER}</footer>
        </div>
    }
}

/// Picks parts of the view.
#[derive(Clone, Copy)]
struct Part(ReadSignal<View>);

impl Part {
    fn of<T: Clone + PartialEq + Send + Sync + 'static>(self, pick: fn(&View) -> T) -> Memo<T> {
        Memo::new(move |_| self.0.with(pick))
    }
}
