//! Every operation beside the same one on big integers, which never overflow and never round.

use num_bigint::{BigInt, BigUint};
use proptest::prelude::*;

use super::{Currency, Money, MoneyError, Ratio, Rounding};

const USD: Currency = Currency::USD;

fn money(text: &str) -> Money {
    Money::parse(text, USD).unwrap()
}

fn ratio(text: &str) -> Ratio {
    Ratio::parse(text).unwrap()
}

#[test]
fn amounts_are_read_and_written_exactly() {
    for (text, exact) in [
        ("0.031611", "0.031611"),
        ("5.479452e-05", "0.00005479452"),
        ("0.00005479452", "0.00005479452"),
        ("-1.50", "-1.5"),
        ("12", "12"),
        (".5", "0.5"),
        ("1e3", "1000"),
        ("0e99", "0"),
        ("0.000000000000000001", "0.000000000000000001"),
        ("1.000000000000000000000000000", "1"),
    ] {
        assert_eq!(money(text).to_exact_text(), exact, "{text}");
    }
}

#[test]
fn what_is_no_amount_is_refused_by_what_is_wrong() {
    for text in ["", "-", ".", "1.2.3", "1,5", "NaN", "inf", "+1", "0x1", "1e", "1e1.5", " 1"] {
        assert_eq!(Money::parse(text, USD), Err(MoneyError::Number(text.to_owned())), "{text}");
    }
    let fine = "0.0000000000000000001";
    assert_eq!(Money::parse(fine, USD), Err(MoneyError::TooFine(fine.to_owned())));
    for large in ["1e21", "200000000000000000000", "1e2147483647"] {
        assert_eq!(Money::parse(large, USD), Err(MoneyError::Overflow), "{large}");
    }
    assert!(Currency::parse("usd").is_err() && Currency::parse("EURO").is_err());
}

#[test]
fn currencies_are_never_added() {
    let eur = Money::zero(Currency::parse("EUR").unwrap());
    assert_eq!(money("1").plus(eur), Err(MoneyError::Mixed(USD, eur.currency())));
    assert!(money("1").compare(eur).is_err() && money("1").or_more(eur).is_err());
}

#[test]
fn halves_go_away_from_zero() {
    for (text, digits, rounding, written) in [
        ("0.0000000005", 9, Rounding::HalfUp, "0.000000001"),
        ("0.00000000049", 9, Rounding::HalfUp, "0.000000000"),
        ("-0.0000000005", 9, Rounding::HalfUp, "-0.000000001"),
        ("-0.0000000004", 9, Rounding::HalfUp, "0.000000000"),
        ("1.001", 2, Rounding::Up, "1.01"),
        ("1.009", 2, Rounding::Down, "1.00"),
        ("1.5", 0, Rounding::HalfUp, "2"),
    ] {
        assert_eq!(money(text).to_text(digits, rounding), written, "{text}");
    }
}

#[test]
fn fractions_show_as_people_write_them() {
    assert_eq!(ratio("0.5").to_string(), "0.5");
    assert_eq!(Ratio::new(1, 3).unwrap().to_string(), "1/3");
    assert_eq!(ratio("3").to_string(), "3");
    assert_eq!(Ratio::new(1, 0), None);
    assert!(Ratio::parse("-1").is_err());
}

fn rounded(numerator: &BigUint, denominator: &BigUint, rounding: Rounding) -> BigUint {
    let (quotient, rest) = (numerator / denominator, numerator % denominator);
    let up = match rounding {
        Rounding::Down => false,
        Rounding::Up => rest != BigUint::ZERO,
        Rounding::HalfUp => &rest * 2_u32 >= *denominator,
    };
    if up { quotient + 1_u32 } else { quotient }
}

fn any_rounding() -> impl Strategy<Value = Rounding> {
    prop_oneof![Just(Rounding::HalfUp), Just(Rounding::Up), Just(Rounding::Down)]
}

/// Numbers of every length: those of one length alone would nearly all overflow, or never.
fn any_natural() -> impl Strategy<Value = u128> {
    (any::<u128>(), 0_u32..128).prop_map(|(number, shift)| number >> shift)
}

fn any_ratio() -> impl Strategy<Value = Ratio> {
    (any_natural(), any_natural()).prop_filter_map("a denominator", |(a, b)| Ratio::new(a, b))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn a_product_is_rounded_once(
        natural in any_natural(), negative in any::<bool>(), factor in any_ratio(), rounding in any_rounding()
    ) {
        let units = i128::try_from(natural >> 1).unwrap();
        let product = Money::of_units(if negative { -units } else { units }, USD).times(factor, rounding);
        let exact = BigUint::from(units.unsigned_abs()) * factor.numerator();
        let whole = BigInt::from(rounded(&exact, &factor.denominator().into(), rounding));
        match product {
            Ok(product) => prop_assert_eq!(BigInt::from(product.units()), if negative { -whole } else { whole }),
            Err(error) => {
                prop_assert_eq!(error, MoneyError::Overflow);
                prop_assert!(whole > BigInt::from(i128::MAX));
            }
        }
    }

    #[test]
    fn a_sum_is_exact_or_an_overflow(a in any::<i128>(), b in any::<i128>()) {
        let sum = Money::of_units(a, USD).plus(Money::of_units(b, USD));
        let exact = BigInt::from(a) + b;
        match sum {
            Ok(sum) => prop_assert_eq!(BigInt::from(sum.units()), exact),
            Err(_) => prop_assert!(exact > BigInt::from(i128::MAX) || exact < BigInt::from(i128::MIN)),
        }
    }

    #[test]
    fn what_is_written_is_read_again(units in -i128::MAX..i128::MAX) {
        let money = Money::of_units(units, USD);
        prop_assert_eq!(Money::parse(&money.to_exact_text(), USD), Ok(money));
    }

    #[test]
    fn text_is_rounded_as_asked(units in any_natural(), digits in 0_u32..=18, rounding in any_rounding()) {
        let units = i128::try_from(units >> 1).unwrap();
        let text = Money::of_units(units, USD).to_text(digits, rounding).replace('.', "");
        let step = BigUint::from(10_u32).pow(18 - digits);
        let wanted = rounded(&units.unsigned_abs().into(), &step, rounding);
        prop_assert_eq!(text.parse::<BigUint>().unwrap(), wanted);
    }

    #[test]
    fn fractions_compute_as_fractions(a in any_ratio(), b in any_ratio()) {
        let big = |ratio: Ratio| (BigUint::from(ratio.numerator()), BigUint::from(ratio.denominator()));
        let ((an, ad), (bn, bd)) = (big(a), big(b));
        prop_assert_eq!(a.cmp(&b), (&an * &bd).cmp(&(&bn * &ad)));
        let same = |ratio: Ratio, n: BigUint, d: BigUint| {
            let (rn, rd) = big(ratio);
            rn * d == n * rd
        };
        if let Ok(product) = a.times(b) {
            prop_assert!(same(product, &an * &bn, &ad * &bd));
        }
        if let Ok(sum) = a.plus(b) {
            prop_assert!(same(sum, &an * &bd + &bn * &ad, &ad * &bd));
        }
        if let Ok(difference) = a.minus(b) {
            if a <= b {
                prop_assert!(difference.is_zero());
            } else {
                prop_assert!(same(difference, &an * &bd - &bn * &ad, &ad * &bd));
            }
        }
    }
}
