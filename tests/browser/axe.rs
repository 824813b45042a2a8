//! What axe-core finds on a page.

use fantoccini::Client;
use fantoccini::error::CmdError;
use serde_json::Value;

const AXE: &str = include_str!("axe-4.14.1.min.js");
/// Every rule that is no experiment.
const RUN: &str = "const done = arguments[0]; axe.run(document, { resultTypes: ['violations'] }).then(\
     found => done(found.violations.map(v => v.id + ' (' + v.impact + '): ' + v.help + ': ' \
     + v.nodes.slice(0, 4).map(n => n.target.join(' ') + ' ' + n.html.slice(0, 160) + ' [' \
     + n.any.concat(n.all, n.none).map(c => c.message).join('; ').slice(0, 200) + ']').join(' | '))), \
     why => done(['axe failed: ' + why]));";

/// Its findings, each with the first elements that it is about.
pub async fn findings(client: &Client) -> Result<Vec<String>, CmdError> {
    if client.execute("return typeof window.axe", Vec::new()).await? != "object" {
        client.execute(AXE, Vec::new()).await?;
    }
    let found = client.execute_async(RUN, Vec::new()).await?;
    let told = found.as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(told.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect())
}
