//! Configurations, good and bad.

use super::*;

fn load_text(text: &str, sandbox: bool) -> Result<Config, Problems> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gateway.toml");
    std::fs::write(&path, text).unwrap();
    let flags = Flags {
        config: Some(path),
        sandbox,
        ..Flags::default()
    };
    load(&flags, |_| None)
}

const EXAMPLE: &str = include_str!("../../gateway.example.toml");

#[test]
fn the_example_holds() {
    let config = load_text(EXAMPLE, false).unwrap();
    let shop = config.merchants.get("tea-house").unwrap();
    assert_eq!(shop.vpa.as_str(), "teahouse@examplebank");
    assert_eq!(shop.order_lifetime_ms, 900_000);
    assert_eq!(config.public_url.as_deref(), Some("https://pay.example"));
    let phonepe = shop.phonepe.as_ref().unwrap();
    assert_eq!(phonepe.account.merchant_id, "TEAHOUSEUAT");
    assert_eq!(phonepe.page_url, "https://mercury-uat.phonepe.com");
    assert!(!format!("{config:?}").contains("the key that PhonePe gave"));
}

#[test]
fn a_webhook_is_public_and_signed() {
    let load = |webhook: &str| {
        let text = format!(
            "[[merchants]]\nid = \"a\"\nname = \"A\"\nvpa = \"shop@bank\"\n[merchants.webhook]\n{webhook}"
        );
        load_text(&text, false)
    };
    let good = format!(
        "url = \"https://shop.example/hook\"\nsecrets = [\"{}\"]\n",
        "s".repeat(24)
    );
    let config = load(&good).unwrap();
    let webhook = config.merchants.get("a").unwrap().webhook.clone().unwrap();
    assert_eq!(webhook.url.as_str(), "https://shop.example/hook");
    assert!(!format!("{config:?}").contains("ssss"));
    for (bad, key) in [
        (String::new(), "url"),
        (good.replace("https", "http"), "url"),
        (good.replace("shop.example", "127.0.0.1"), "url"),
        (good.replace("shop.example", "169.254.169.254"), "url"),
        (good.replace("shop.example", "localhost"), "url"),
        (good.replace("ssss", ""), "secrets"),
        (format!("{good}secret = \"x\""), "secret"),
    ] {
        let Problems(problems) = load(&bad).unwrap_err();
        let named = format!("merchants[0].webhook.{key}");
        assert!(
            problems.iter().any(|it| it.starts_with(&named)),
            "{bad}: {problems:?}"
        );
    }
}

#[test]
fn a_phonepe_account_is_whole_or_refused() {
    let load = |phonepe: &str| {
        let text = format!(
            "[[merchants]]\nid = \"a\"\nname = \"A\"\nvpa = \"shop@bank\"\n[merchants.phonepe]\n{phonepe}"
        );
        load_text(&text, false)
    };
    let good = "merchant_id = \"M\"\napi_url = \"http://127.0.0.1:9/apis/\"\nsalt_key = \"k\"\nsalt_index = 1\n";
    let config = load(good).unwrap();
    let phonepe = config.merchants.get("a").unwrap().phonepe.clone().unwrap();
    assert_eq!(phonepe.api_url, "http://127.0.0.1:9/apis");
    assert_eq!(phonepe.page_url, "http://127.0.0.1:9");
    for (bad, key) in [
        ("", "merchant_id"),
        (&good.replace("127.0.0.1", "phonepe.example"), "api_url"),
        (&good.replace("http:", "ftp:"), "api_url"),
        (&good.replace("\"k\"", "\"\""), "salt_key"),
        (&good.replace("salt_index = 1", ""), "salt_key"),
        (
            &good.replace("salt_index = 1", "salt_index = 0"),
            "salt_index",
        ),
        (&format!("{good}salt = 1"), "salt"),
        (&format!("{good}vpa = \"nobody\""), "vpa"),
    ] {
        let Problems(problems) = load(bad).unwrap_err();
        let named = format!("merchants[0].phonepe.{key}: ");
        assert!(
            problems.iter().any(|it| it.starts_with(&named)),
            "{bad}: {problems:?}"
        );
    }
}

#[test]
fn every_bad_value_is_reported_at_once() {
    let Problems(problems) = load_text(
        r#"
        listen = "8080"
        database = "mysql://x"
        public_url = "https://pay.example/path"
        lisen = "127.0.0.1:1"
        [[merchants]]
        id = "a b"
        name = "pay@me"
        mcc = "12"
        api_key_hashes = ["short", 7]
        redirect_hosts = ["https://shop.example"]
        parent_origins = ["shop.example"]
        discount_limit_paise = -1
        order_lifetime_seconds = 4
        brand = { accent = "red", font = "x" }
        "#,
        false,
    )
    .unwrap_err();
    let keys: Vec<&str> = problems
        .iter()
        .filter_map(|problem| problem.split(": ").next())
        .collect();
    assert_eq!(
        keys,
        [
            "listen",
            "database",
            "public_url",
            "merchants[0].id",
            "merchants[0].name",
            "merchants[0].vpa",
            "merchants[0].mcc",
            "merchants[0].api_key_hashes[0]",
            "merchants[0].api_key_hashes[1]",
            "merchants[0].redirect_hosts[0]",
            "merchants[0].parent_origins[0]",
            "merchants[0].brand.accent",
            "merchants[0].brand.font",
            "merchants[0].discount_limit_paise",
            "merchants[0].order_lifetime_seconds",
            "lisen",
        ]
    );
}

#[test]
fn two_merchants_do_not_share_an_account() {
    let text = r#"
        [[merchants]]
        id = "a"
        name = "A"
        vpa = "shop@bank"
        [[merchants]]
        id = "b"
        name = "B"
        vpa = "Shop@BANK"
    "#;
    assert!(load_text(text, false).is_err());
}

#[test]
fn the_sandbox_is_refused_beside_a_real_merchant() {
    assert!(load_text("", true).unwrap().sandbox_key.is_some());
    let Problems(problems) = load_text(EXAMPLE, true).unwrap_err();
    assert!(
        problems[0].contains("without real merchants"),
        "{problems:?}"
    );
}

#[test]
fn the_sandbox_speaks_to_this_machine_only() {
    let load_with = |address: &'static str| {
        let flags = Flags {
            sandbox: true,
            ..Flags::default()
        };
        load(&flags, move |name| {
            (name == "UPI_CHECKOUT_SANDBOX_PHONEPE").then(|| address.to_owned())
        })
    };
    let config = load_with("http://127.0.0.1:9000").unwrap();
    assert_eq!(
        config.sandbox_phonepe.as_deref(),
        Some("http://127.0.0.1:9000")
    );
    assert!(load_with("https://phonepe.example").is_err());
    assert!(load_with("nowhere").is_err());
}

#[test]
fn flags_go_before_the_environment_and_that_before_the_file() {
    let flags = Flags {
        listen: Some("127.0.0.1:3".into()),
        ..Flags::default()
    };
    let env = |name: &str| match name {
        "UPI_CHECKOUT_LISTEN" => Some("127.0.0.1:2".to_owned()),
        "UPI_CHECKOUT_DATABASE" => Some("sqlite:here.db".to_owned()),
        _ => None,
    };
    let config = load(&flags, env).unwrap();
    assert_eq!(config.listen.port(), 3);
    assert_eq!(config.database, Database::file("here.db"));
    assert_eq!(load(&Flags::default(), env).unwrap().listen.port(), 2);
}
