//! Any bytes are a Terraform plan or are refused; the totals of a plan are those of its resources.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tollgate_price::PriceBook;
use tollgate_terraform::{Figures, Plan, estimate};
use tollgate_vocabulary::Timestamp;

fuzz_target!(|bytes: &[u8]| {
    let Ok(plan) = Plan::read(bytes) else { return };
    let book = PriceBook::embedded();
    let all = estimate(&plan, &book, Timestamp::UNIX_EPOCH);
    let sum = all.resources.iter().try_fold(Figures::zero(book.currency()), |sum, it| sum.plus(it.after));
    if let Ok(sum) = sum {
        assert_eq!(sum, all.after);
    }
});
