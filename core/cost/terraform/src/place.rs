//! Where a resource lies: region and zone, by which prices differ.
//!
//! ```text
//! zone or location of the resource, else its ARN, else its provider's region or zone, else nothing
//! ```

use std::sync::Arc;

use crate::configuration::Provider;
use crate::view::View;

/// Cloud, region and zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// `aws`, `azure` or `gcp`
    pub(crate) provider: &'static str,
    pub(crate) region: Option<Arc<str>>,
    pub(crate) zone: Option<Arc<str>>,
}

impl Place {
    /// Where `view` lies, whose provider is configured like that.
    pub(crate) fn of(cloud: &'static str, view: &View<'_>, provider: Option<&Provider>) -> Self {
        let text = |path: &str| view.text(path).known();
        let (region, zone) = match cloud {
            "aws" => {
                let zone = text("availability_zone");
                let of_arn = || text("arn").and_then(|arn| arn.split(':').nth(3).and_then(filled));
                let region = text("region").or_else(|| zone.as_deref().and_then(aws_region)).or_else(of_arn);
                (region.or_else(|| provider?.region.clone()), zone)
            }
            "azure" => (text("location").map(|location| azure_region(&location)), text("zone")),
            _ => {
                let last = |path: &str| text(path).and_then(|text| filled(last_part(&text)));
                let place = last("zone").or_else(|| last("location"));
                let (region, zone) = google_place(place.as_ref());
                let region = region.or_else(|| last("region"));
                match (region, zone) {
                    (None, None) => {
                        let (region, zone) =
                            google_place(provider.and_then(|provider| provider.zone.as_ref()));
                        (provider.and_then(|provider| provider.region.clone()).or(region), zone)
                    }
                    found => found,
                }
            }
        };
        Self { provider: cloud, region, zone }
    }
}

fn filled(text: &str) -> Option<Arc<str>> {
    (!text.is_empty()).then(|| text.into())
}

fn last_part(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or(text)
}

/// `us-east-1a` and `us-west-2-lax-1a` lie in `us-east-1` and `us-west-2`: all up to the first number.
fn aws_region(zone: &str) -> Option<Arc<str>> {
    let digit = zone.find(|character: char| character.is_ascii_digit())?;
    let rest = zone.get(digit..)?;
    let length = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    zone.get(..digit + length).and_then(filled)
}

/// `West Europe` is how `westeurope` is shown.
pub(crate) fn azure_region(location: &str) -> Arc<str> {
    location
        .chars()
        .filter(|character| *character != ' ')
        .flat_map(char::to_lowercase)
        .collect::<String>()
        .into()
}

/// `europe-west1-b` is a zone of `europe-west1`; whatever does not end in one letter is a region.
pub(crate) fn google_place(place: Option<&Arc<str>>) -> (Option<Arc<str>>, Option<Arc<str>>) {
    match place.map(|place| (place, place.rsplit_once('-'))) {
        Some((place, Some((region, letter)))) if letter.len() == 1 && region.contains('-') => {
            (Some(region.into()), Some(place.clone()))
        }
        Some((place, _)) => (Some(place.clone()), None),
        None => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_told_from_zones() {
        let aws = |zone| aws_region(zone).map(|region| region.to_string());
        assert_eq!(aws("us-gov-west-1b").as_deref(), Some("us-gov-west-1"));
        assert_eq!(aws("us-west-2-lax-1a").as_deref(), Some("us-west-2"));
        assert_eq!(aws("nowhere"), None);
        assert_eq!(&*azure_region("West Europe 2"), "westeurope2");
        let google = |place: &str| google_place(Some(&place.into()));
        assert_eq!(google("europe-west1-b"), (Some("europe-west1".into()), Some("europe-west1-b".into())));
        assert_eq!(google("europe-west1"), (Some("europe-west1".into()), None));
        assert_eq!(google("eu"), (Some("eu".into()), None));
    }
}
