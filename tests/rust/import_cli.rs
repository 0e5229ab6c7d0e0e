//! `promo import` as people run it: each sample of another system's export becomes a catalogue that
//! is built and answers.

#[path = "cli/desk.rs"]
mod desk;

use desk::Desk;
use serde_json::Value;

/// A test's folder with an imported catalogue, and what was said about it.
struct Imported {
    desk: Desk,
    catalog: Value,
    stderr: String,
}

impl Imported {
    /// Imports a sample, builds what comes of it and keeps the snapshot in `snap`.
    fn of(system: &str, sample: &str, arguments: &str) -> Imported {
        let folder = format!("import/{sample}{}", arguments.replace([' ', '/'], "_"));
        let desk = Desk::new(&folder);
        let file = format!("{}/examples/import/{sample}", env!("CARGO_MANIFEST_DIR"));
        std::fs::copy(file, desk.0.join(sample)).unwrap();
        let zone = "--currency USD --time-zone America/New_York";
        let ran = desk.promo(&format!("import {system} {sample} {zone} {arguments}")).ended(0);
        desk.write("catalog.json", &ran.stdout());
        let codes = if arguments.contains("--codes") { "--codes codes.csv" } else { "" };
        desk.build(&format!("catalog.json {codes} --out snap"));
        Imported { catalog: ran.json(), stderr: ran.stderr(), desk }
    }

    fn codes(&self) -> Vec<&str> {
        let codes = self.catalog["codes"].as_array().unwrap();
        codes.iter().map(|code| code["code"].as_str().unwrap()).collect()
    }

    fn code(&self, text: &str) -> &Value {
        let codes = self.catalog["codes"].as_array().unwrap();
        codes.iter().find(|code| code["code"] == text).unwrap()
    }

    fn deal(&self, text: &str) -> &Value {
        let deals = self.catalog["deals"].as_array().unwrap();
        let id = &self.code(text)["deal"];
        deals.iter().find(|deal| deal["id"] == *id).unwrap_or(&Value::Null)
    }

    /// What `promo check` says of a code on an order of 100.00 USD.
    fn answer(&self, code: &str, at: &str) -> Value {
        let order = r#"{"order_id":"A1","event_type":"SALE","placed_at":"2026-09-01T00:00:00Z",
            "currency":"USD","subtotal_minor":10000,"first_order":true,"customer_id":"c",
            "items":[{"sku":"411","quantity":1,"unit_price_minor":10000}]}"#;
        self.desk.write("order.json", order);
        let call = format!("check {code} --snapshot snap --order order.json --at {at} --json");
        self.desk.promo(&call).json()[0].clone()
    }

    #[track_caller]
    fn check_worth(&self, code: &str, amount_minor: u64) {
        let answer = self.answer(code, "2026-09-01T12:00:00Z");
        assert_eq!(answer["quote"]["amount_minor"], amount_minor, "{code}: {answer}");
    }

    #[track_caller]
    fn check_warned(&self, kind: &str, place: &str, says: &str) {
        let has = |line: &str| {
            line.starts_with(&format!("warning: {kind}: "))
                && line.contains(place)
                && line.contains(says)
        };
        assert!(self.stderr.lines().any(has), "{kind} {place} {says}\n{}", self.stderr);
    }
}

#[test]
fn shopify() {
    let imported = Imported::of("shopify", "shopify.csv", "");
    let kept = ["CABIN10", "LANTERN5", "SHIPFREE", "SOCKS20", "TWOFORONE", "OLDTIMER", "GUILD12"];
    assert_eq!(imported.codes(), kept);
    imported.check_worth("cabin10", 1_000);
    imported.check_worth("LANTERN5", 500);
    imported.check_worth("GUILD12", 1_250);
    let benefit = imported.answer("SHIPFREE", "2026-09-01T12:00:00Z");
    assert_eq!(benefit["quote"]["benefit"], "free_shipping");
    assert_eq!(imported.deal("SHIPFREE")["minimum_purchase_minor"], 7_500);
    assert_eq!(imported.code("LANTERN5")["max_redemptions"], 488);
    assert_eq!(imported.code("LANTERN5")["max_redemptions_per_customer"], 1);
    assert_eq!(imported.code("LANTERN5")["start_at"], "2026-03-01T05:00:00Z");
    assert_eq!(imported.code("LANTERN5")["end_at"], "2027-01-01T04:59:59Z");
    assert_eq!(imported.answer("OLDTIMER", "2026-09-01T12:00:00Z")["exact_reason"], "expired");
    for code in ["SOCKS20", "TWOFORONE"] {
        assert_eq!(imported.deal(code), &Value::Null);
        assert_eq!(imported.answer(code, "2026-09-01T12:00:00Z")["valid"], true);
    }
    imported.check_warned("not_carried_over", "shopify.csv:5: Discount Class", "\"product\"");
    imported.check_warned("not_carried_over", "shopify.csv:6: Type", "\"Buy X Get Y\"");
    imported.check_warned("left_out", "shopify.csv:7: Usage Limit Per Code", "50 uses");
    imported.check_warned("not_carried_over", "Combines with Order Discounts", "\"true\"");
    imported.check_warned("not_carried_over", "shopify.csv:9: Customer Selection", "segments");
    imported.check_warned("not_carried_over", "Times Used In Total", "in 5 rows more");
}

#[test]
fn woocommerce_csv() {
    let imported = Imported::of("woocommerce", "woocommerce.csv", "");
    assert_eq!(imported.codes(), ["hearth15", "kettle8", "woolens25", "freight0", "mugs3"]);
    imported.check_worth("HEARTH15", 1_500);
    imported.check_worth("kettle8", 850);
    imported.check_worth("woolens25", 2_500);
    assert_eq!(imported.deal("woolens25")["skus"][1], "412");
    assert_eq!(imported.deal("woolens25")["purchase_limit_quantity"], 2);
    assert_eq!(imported.deal("freight0")["type"], "free_shipping");
    assert_eq!(imported.code("kettle8")["max_redemptions"], 180);
    // It ends when the day begins, in the shop's zone.
    assert_eq!(imported.code("hearth15")["end_at"], "2026-12-01T05:00:00Z");
    imported.check_warned("left_out", "woocommerce.csv:7: post_status", "\"draft\"");
    imported.check_warned("not_carried_over", "woocommerce.csv:6: discount_type", "on orders");
    imported.check_warned("not_carried_over", "product_ids", "the same ids");
    for column in ["maximum_amount", "individual_use", "exclude_sale_items", "post_excerpt"] {
        imported.check_warned("not_carried_over", column, "not carried over");
    }
}

#[test]
fn woocommerce_json() {
    let imported = Imported::of("woocommerce", "woocommerce.json", "");
    assert_eq!(imported.codes(), ["hearth15", "camping12"]);
    imported.check_worth("hearth15", 1_500);
    assert_eq!(imported.code("hearth15")["end_at"], "2026-12-01T05:00:00Z");
    assert_eq!(imported.code("hearth15")["created_at"], "2026-08-20T14:15:00Z");
    assert_eq!(imported.deal("camping12")["categories"][0], "15");
    assert_eq!(imported.code("camping12")["max_redemptions"], 1_000);
    imported.check_warned("not_carried_over", "email_restrictions", "*@example.org");
    imported.check_warned("not_carried_over", "excluded_product_ids", "58");
}

#[test]
fn stripe() {
    let imported = Imported::of("stripe", "stripe.json", "");
    assert_eq!(imported.codes(), ["TRAIL20", "LAMPOIL", "UNSEEN"]);
    imported.check_worth("trail20", 2_000);
    let trail = imported.deal("TRAIL20");
    assert_eq!(
        (&trail["first_order_only"], &trail["minimum_purchase_minor"]),
        (&Value::Bool(true), &Value::from(5_000))
    );
    assert_eq!(imported.code("TRAIL20")["max_redemptions"], 292);
    assert_eq!(imported.code("TRAIL20")["end_at"], "2027-01-01T00:00:00Z");
    assert_eq!(imported.deal("LAMPOIL")["skus"][0], "prod_oil");
    assert_eq!(imported.deal("LAMPOIL")["currency"], "USD");
    assert_eq!(imported.code("LAMPOIL")["end_at"], "2026-10-01T00:00:00Z");
    imported.check_warned("left_out", "stripe.json:19: data[2].active", "\"false\"");
    imported.check_warned("not_carried_over", "data[3].promotion.coupon", "expand[]");
    imported.check_warned("not_carried_over", "customer", "cus_ada");
    imported.check_warned("not_carried_over", "coupon.duration", "repeating");
    imported.check_warned("not_carried_over", "metadata.channel", "letter");
}

#[test]
fn voucherify() {
    let imported = Imported::of("voucherify", "voucherify.csv", "");
    assert_eq!(imported.codes(), ["EMBER-7Q4K", "PINE-12", "PINE-UNIT"]);
    imported.check_worth("ember-7q4k", 1_500);
    imported.check_worth("PINE-12", 1_250);
    assert_eq!(imported.code("EMBER-7Q4K")["max_redemptions"], 1);
    imported.check_warned("left_out", "voucherify.csv:3", "more than 1 uses");
    imported.check_warned("left_out", "voucherify.csv:6: voucher_type", "GIFT_VOUCHER");
    imported.check_warned("not_carried_over", "voucherify.csv:5: discount_type", "UNIT");
    imported.check_warned("not_carried_over", "Campaign", "Embers");
    let imported = Imported::of("voucherify", "voucherify.json", "");
    imported.check_worth("moss-30", 3_000);
    assert_eq!(imported.deal("MOSS-30")["maximum_savings_minor"], 4_000);
    assert_eq!(imported.code("FERN-500")["max_redemptions"], 6);
    imported.check_warned("not_carried_over", "vouchers[1].discount.effect", "APPLY_TO_ITEMS");
    imported.check_warned("not_carried_over", "metadata.tier", "gold");
}

#[test]
fn an_import_changes_nobodys_credit_unless_it_is_told_to() {
    let order = concat!(
        r#"{"order_id":"A1","event_type":"SALE","placed_at":"2026-09-01T00:00:00Z","#,
        r#""promo_codes":["CABIN10"],"currency":"USD","subtotal_minor":10000,"#,
        r#""clicks":[{"partner":"cara","at":"2026-08-31T00:00:00Z"}]}"#
    );
    let decided = |arguments: &str| {
        let imported = Imported::of("shopify", "shopify.csv", arguments);
        let mut catalog = imported.catalog.clone();
        let contract = serde_json::json!({ "id": "k", "event_types": ["SALE"] });
        let cara = serde_json::json!({
            "id": "cara", "name": "Cara", "kind": "partner", "contracts": [contract]
        });
        catalog["partners"].as_array_mut().unwrap().push(cara);
        imported.desk.write("with-cara.json", &catalog.to_string());
        imported.desk.write("orders.jsonl", order);
        imported.desk.build("with-cara.json --out with-cara");
        imported.desk.promo("credit orders.jsonl --snapshot with-cara").ended(0).json()
    };
    let credited = |arguments: &str| decided(arguments)["credited"].clone();
    assert_eq!(credited("")["partner"], "cara");
    assert_eq!(credited("--partner ana")["partner"], "ana");
    assert_eq!(credited("--partner ana --credit-policy winner"), Value::Null);
    assert_eq!(credited("--restricted"), Value::Null);
}

#[test]
fn codes_without_caps_can_be_kept_apart() {
    let imported = Imported::of("shopify", "shopify.csv", "--codes codes.csv");
    assert_eq!(imported.codes(), ["LANTERN5"]);
    imported.check_worth("CABIN10", 1_000);
    imported.check_worth("LANTERN5", 500);
    let together = Imported::of("shopify", "shopify.csv", "--program 1000");
    let id =
        |imported: &Imported| imported.answer("CABIN10", "2026-09-01T12:00:00Z")["code_id"].clone();
    assert_eq!(id(&imported), id(&together));
}

#[test]
fn what_is_no_export_is_refused() {
    let desk = Desk::new("import/refused");
    desk.write("wrong.csv", "Code,Amount\nA,1\n");
    desk.write("wrong.json", "{\"data\": 7}");
    desk.write("broken.csv", "Name,Value\n\"A,1\n");
    let refused = |arguments: &str| desk.promo(&format!("import {arguments}")).ended(2).stderr();
    assert!(refused("shopify wrong.csv --currency USD").contains("expected a column Name"));
    assert!(refused("stripe wrong.json --currency USD").contains("JSON with a list"));
    assert!(refused("stripe none.json --currency USD").contains("none.json"));
    assert!(refused("shopify wrong.csv --currency XXZ").contains("no currency"));
    assert!(refused("shopify wrong.csv --currency USD --time-zone PST9").contains("no zone"));
    assert!(refused("magento wrong.csv --currency USD").contains("woocommerce"));
    desk.promo("import shopify broken.csv --currency USD").ended(0);
}

#[test]
fn money_is_exact_in_the_currencys_minor_unit() {
    let desk = Desk::new("import/money");
    let header = "Name,Value,Value Type,Type,Discount Class,Status";
    let row =
        |code: &str, value: &str| format!("{code},{value},fixed_amount,Amount Off,order,Active");
    let rows = [row("A1", "-5.0"), row("B2", "-0.125"), row("C3", "-12.3456")];
    desk.write("export.csv", &format!("{header}\n{}\n", rows.join("\n")));
    let amounts = |currency: &str| -> Vec<Option<u64>> {
        let call = format!("import shopify export.csv --currency {currency}");
        let catalog = desk.promo(&call).ended(0).json();
        let deal = |code: &Value| {
            let deals = catalog["deals"].as_array().unwrap();
            let deal = deals.iter().find(|deal| deal["id"] == code["deal"])?;
            deal["discount"]["amount_minor"].as_u64()
        };
        catalog["codes"].as_array().unwrap().iter().map(deal).collect()
    };
    assert_eq!(amounts("JPY"), [Some(5), None, None]);
    assert_eq!(amounts("USD"), [Some(500), None, None]);
    assert_eq!(amounts("KWD"), [Some(5_000), Some(125), None]);
}
