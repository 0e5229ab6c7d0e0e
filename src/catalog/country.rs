//! The countries that exist, and what people write for some of them.

use crate::order::Country;

/// Every alpha-2 code that ISO 3166-1 assigns, in order.
const ASSIGNED: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR \
    BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ \
    EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW \
    GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY \
    KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV \
    MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY \
    QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG \
    TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM \
    ZW";

/// A country by its code; otherwise what to write instead.
pub(super) fn country(text: &str) -> Result<Country, String> {
    match Country::parse(text) {
        Some(country) if is_assigned(text) => Ok(country),
        _ => Err(remedy(text)),
    }
}

fn is_assigned(code: &str) -> bool {
    ASSIGNED.split(' ').any(|assigned| assigned == code)
}

fn remedy(text: &str) -> String {
    let upper = text.to_ascii_uppercase();
    let meant = match upper.as_str() {
        "UK" => "GB",
        // The European Commission's code for Greece.
        "EL" => "GR",
        other if is_assigned(other) => other,
        "EU" => return "list the countries of the union one by one".to_owned(),
        _ => return "two capital letters of a country that exists".to_owned(),
    };
    format!("write {meant:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_assigns_249_codes() {
        let codes: Vec<&str> = ASSIGNED.split(' ').collect();
        assert_eq!(codes.len(), 249);
        assert!(codes.is_sorted_by(|a, b| a < b));
        assert!(codes.iter().all(|code| Country::parse(code).is_some()));
    }

    #[test]
    fn the_remedy_names_the_code_that_was_meant() {
        for (text, told) in [("UK", "write \"GB\""), ("gr", "write \"GR\""), ("El", "write \"GR\"")]
        {
            assert_eq!(country(text), Err(told.to_owned()));
        }
        assert!(country("EU").unwrap_err().contains("one by one"));
        assert!(country("XQ").unwrap_err().contains("exists"));
        assert!(country("GB").is_ok());
    }
}
