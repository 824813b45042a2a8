//! Figures for Prometheus, on a port of their own (`server.metrics`). `docs/operator.md` says what each is good for.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric as _, NoLabelSet, text};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::{Desk, WebError};
use crate::release::{LATENESS_BOUNDS, Pulse};
use crate::store::{Attention, ChannelView};

/// Upper bounds of answer times, in seconds.
const ANSWER_BOUNDS: [f64; 8] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// How the desk answered, by route.
pub type Answers = Family<AnswerLabels, Histogram, fn() -> Histogram>;

/// What answers are told apart by. Routes, never paths: those are as many as there are posts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct AnswerLabels {
    route: String,
    status: u16,
}

/// Nothing answered yet.
pub(super) fn answers() -> Answers {
    Family::new_with_constructor(|| Histogram::new(ANSWER_BOUNDS))
}

/// Takes the time of an answer.
pub(super) async fn time(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "none".into(), |m| m.as_str().to_owned());
    let began = tokio::time::Instant::now();
    let response = next.run(request).await;
    let labels = AnswerLabels { route, status: response.status().as_u16() };
    desk.answers.get_or_create(&labels).observe(began.elapsed().as_secs_f64());
    response
}

/// The one address of the port of figures.
pub(super) fn router(desk: Desk) -> Router {
    Router::new().route("/metrics", get(metrics)).with_state(desk)
}

async fn metrics(State(desk): State<Desk>) -> Result<Response, WebError> {
    let office = &desk.office;
    let now = Now {
        pulse: desk.pulse.clone(),
        channels: office.store.channel_views().await?,
        unfinished: office.store.unfinished().await?,
        attention: office.store.attention(office.clock.now()).await?,
        database_bytes: std::fs::metadata(office.store.place()).map_or(0, |meta| meta.len()),
        ready: desk.daemon_is_at_work(),
    };
    let mut registry = Registry::with_prefix("vestnik");
    registry.register("answer_seconds", "How long the desk took to answer", desk.answers.clone());
    registry.register_collector(Box::new(now));
    let mut body = String::new();
    text::encode(&mut body, &registry).map_err(WebError::internal)?;
    Ok(([(CONTENT_TYPE, TEXT)], body).into_response())
}

/// What is read at the moment of asking.
#[derive(Debug)]
struct Now {
    pulse: Option<Arc<Pulse>>,
    channels: Vec<ChannelView>,
    unfinished: HashMap<String, i64>,
    attention: Vec<Attention>,
    database_bytes: u64,
    ready: bool,
}

impl Collector for Now {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let gauge = |encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: i64| {
            let metric = ConstGauge::new(value);
            metric.encode(encoder.encode_descriptor(name, help, None, metric.metric_type())?)
        };
        gauge(&mut encoder, "daemon_at_work", "1 when the daemon goes round", i64::from(self.ready))?;
        let bytes = i64::try_from(self.database_bytes).unwrap_or(i64::MAX);
        gauge(&mut encoder, "database_bytes", "Size of the database file", bytes)?;
        self.encode_channels(&mut encoder)?;
        self.encode_attention(&mut encoder)?;
        self.pulse.as_ref().map_or(Ok(()), |pulse| encode_pulse(pulse, &mut encoder))
    }
}

impl Now {
    fn encode_channels(&self, encoder: &mut DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let mut unfinished = encoder.encode_descriptor(
            "deliveries_unfinished",
            "Deliveries that are not at their end",
            None,
            ConstGauge::new(0_i64).metric_type(),
        )?;
        for channel in &self.channels {
            let labels = [("organisation", &*channel.organisation), ("channel", &*channel.slug)];
            ConstGauge::new(self.unfinished.get(&channel.slug).copied().unwrap_or_default())
                .encode(unfinished.encode_family(&labels)?)?;
        }
        let help = "1 when nothing is sent to the channel";
        let mut paused =
            encoder.encode_descriptor("channel_paused", help, None, ConstGauge::new(0_i64).metric_type())?;
        for channel in &self.channels {
            let labels = [("organisation", &*channel.organisation), ("channel", &*channel.slug)];
            ConstGauge::new(i64::from(channel.paused_at.is_some())).encode(paused.encode_family(&labels)?)?;
        }
        Ok(())
    }

    fn encode_attention(&self, encoder: &mut DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let help = "What waits for a person";
        let mut metric = encoder.encode_descriptor("attention", help, None, ConstGauge::new(0_i64).metric_type())?;
        let mut kinds = std::collections::BTreeMap::<&str, i64>::new();
        for item in &self.attention {
            *kinds.entry(item.kind.name()).or_default() += 1;
        }
        for (kind, count) in kinds {
            ConstGauge::new(count).encode(metric.encode_family(&[("kind", kind)])?)?;
        }
        Ok(())
    }
}

fn encode_pulse(pulse: &Pulse, encoder: &mut DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
    let reading = pulse.read();
    let help = "Attempts that ended, by how they ended";
    let mut ends = encoder.encode_descriptor("attempts", help, None, ConstCounter::new(0_u64).metric_type())?;
    for ((channel, outcome), count) in &reading.ends {
        let labels = [("channel", channel.as_str()), ("outcome", outcome)];
        ConstCounter::new(*count).encode(ends.encode_family(&labels)?)?;
    }
    let help = "How long after it was due an attempt began";
    let kind = prometheus_client::metrics::MetricType::Histogram;
    let mut lateness = encoder.encode_descriptor("lateness_seconds", help, None, kind)?;
    let bounds = LATENESS_BOUNDS.iter().copied().chain([f64::MAX]);
    let buckets: Vec<(f64, u64)> = bounds.zip(reading.lateness.counts).collect();
    let count = reading.lateness.counts.iter().sum();
    lateness.encode_histogram::<NoLabelSet>(reading.lateness.sum, count, &buckets, None)
}
