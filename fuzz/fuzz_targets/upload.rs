#![no_main]
libfuzzer_sys::fuzz_target!(|input: &[u8]| vestnik_fuzz::upload::check(input));
