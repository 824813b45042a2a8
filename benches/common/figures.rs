//! Medians and percentiles.

/// The value that `percent` of all values do not exceed; 0 of none.
pub fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied().unwrap_or_default()
}

/// The middle one of several runs.
pub fn median(values: &[f64]) -> f64 {
    percentile(values, 50)
}
