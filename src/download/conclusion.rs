//! Whether the file is the whole video.

use url::Url;

use super::{
    checksum::Comparison, error::DownloadError, inspection::Structure, outcome::Verification,
    receive::BodyEnd, transfer::Transfer,
};

/// What follows from the end of a body.
pub(super) enum Conclusion {
    Done(Verification),
    /// Another try can help.
    Again(DownloadError),
    /// The server itself has no better file.
    Broken(DownloadError),
}

/// Remembers what came with a wrong checksum.
#[derive(Default)]
pub(super) struct Judge {
    differing_sha256: Option<String>,
}

impl Judge {
    /// Judges the file, all bytes of which have come as far as `end` tells.
    pub async fn conclude(
        &mut self,
        transfer: &mut Transfer<'_>,
        url: &Url,
        end: BodyEnd,
    ) -> Result<Conclusion, DownloadError> {
        let verify = transfer.options.verify;
        let (structure, comparison, container, length, sha256) = {
            let part = transfer.part.lock();
            let inspection = part.inspection();
            let comparison = part
                .state()
                .map(|state| inspection.compare(&state.checksums));
            (
                inspection.structure(),
                comparison.unwrap_or(Comparison::NothingAnnounced),
                inspection.container(),
                inspection.length(),
                inspection.sha256(),
            )
        };
        if let Structure::Incomplete(incomplete) = &structure {
            if !verify {
                return Ok(Conclusion::Done(Verification::Unverified));
            }
            let message = format!("the video is cut off: it has {length} bytes, but {incomplete}");
            if end == BodyEnd::Unannounced {
                // Without an announced length, this is how a broken connection looks.
                return Ok(Conclusion::Again(DownloadError::interrupted(message)));
            }
            transfer
                .disk("written", |part| part.lock().disown())
                .await?;
            return Ok(Conclusion::Broken(DownloadError::not_a_video(message)));
        }
        let by_length = end == BodyEnd::Complete && container.is_some();
        let verification = match (comparison, &structure) {
            (Comparison::Agrees, _) => Verification::Checksum,
            (_, Structure::Whole) => Verification::Container,
            _ if by_length => Verification::Length,
            _ => Verification::Unverified,
        };
        let header = match comparison {
            Comparison::NothingAnnounced | Comparison::Agrees => {
                return Ok(Conclusion::Done(verification));
            }
            _ if !verify => return Ok(Conclusion::Done(Verification::Unverified)),
            Comparison::Differs(header) => header,
            Comparison::EtagDiffers => {
                let origin = transfer.origins.of(url);
                // The same bytes twice: the tag is no checksum.
                if self.differing_sha256.as_ref() == Some(&sha256) {
                    origin.note_opaque_etags();
                }
                if origin.has_opaque_etags() || !transfer.options.storage.can_rewind() {
                    return Ok(Conclusion::Done(verification));
                }
                "ETag"
            }
        };
        let message = format!("the bytes do not have the checksum that `{header}` announces");
        let error = DownloadError::corrupt(message);
        transfer
            .disk("written", |part| part.lock().disown())
            .await?;
        if self.differing_sha256.is_some() || !transfer.options.storage.can_rewind() {
            return Ok(Conclusion::Broken(error));
        }
        self.differing_sha256 = Some(sha256);
        transfer.part.lock().forget();
        transfer.resumed_from = 0;
        Ok(Conclusion::Again(error))
    }
}
