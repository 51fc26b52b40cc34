//! Does the connection work, and which channel is it?

use bedside_model::Phi;

use super::message::{id_of, snippet};
use super::uploads::uploads_playlist;
use super::{authorise, items, list};
use crate::connector::SelfTestSteps;
use crate::google::{oauth, refusal};
use crate::json::Wanted;
use crate::{AccountView, ErrorClass, HttpRequest, HttpResponse, NetError, SelfReport};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Which channel is it?
    Who,
    /// Can its comments be read?
    Read,
    /// And those that wait for review?
    Held,
    Done,
}

/// A self-test under way.
#[derive(Debug)]
pub(super) struct SelfTest {
    account: AccountView,
    step: Step,
    report: SelfReport,
}

impl SelfTest {
    pub(super) fn start(account: &AccountView) -> Result<Self, NetError> {
        let test = Self { account: account.clone(), step: Step::Who, report: SelfReport::default() };
        test.build()?;
        Ok(test)
    }

    fn build(&self) -> Result<Option<HttpRequest>, NetError> {
        let channel = self.report.native_id.as_deref().unwrap_or_default();
        let threads = [("part", "id"), ("allThreadsRelatedToChannelId", channel), ("maxResults", "1")];
        match self.step {
            Step::Who => list(&self.account, "channels", &[("part", "snippet,contentDetails"), ("mine", "true")]),
            Step::Read => list(&self.account, "commentThreads", &threads),
            Step::Held => {
                let held = [threads[0], threads[1], threads[2], ("moderationStatus", "heldForReview")];
                list(&self.account, "commentThreads", &held)
            }
            Step::Done => return Ok(None),
        }
        .map(Some)
    }

    fn on_who(&mut self, response: &HttpResponse) -> Result<Step, NetError> {
        match refusal::classify(response) {
            ErrorClass::Authorisation => {
                self.report.problems.push("Google refuses the access token: authorise the account again");
                return Ok(Step::Done);
            }
            ErrorClass::Forbidden => {
                self.report.problems.push("the permission to read the channel is missing: authorise the account again");
                return Ok(Step::Done);
            }
            _ => {}
        }
        let (channels, _) = items(response, &Wanted::All)?;
        let Some((channel, id)) = channels.first().and_then(|channel| Some((channel, id_of(channel)?))) else {
            self.report.problems.push("this Google account has no YouTube channel: authorise with the one that has");
            return Ok(Step::Done);
        };
        self.report.native_id = Some(id.to_owned());
        self.report.name = snippet(channel, "title").map(|title| Phi::new(title.to_owned()));
        if let Some(uploads) = uploads_playlist(channel) {
            self.report.config.insert("uploads_playlist".to_owned(), uploads.into());
        }
        Ok(Step::Read)
    }

    fn on_read(&mut self, response: &HttpResponse) -> Result<Step, NetError> {
        if refusal::classify(response) == ErrorClass::Forbidden {
            self.report.problems.push("the comments of the channel may not be read, or are switched off");
            return Ok(Step::Done);
        }
        items(response, &Wanted::All)?;
        self.report.can_read = true;
        Ok(Step::Held)
    }

    fn on_held(&mut self, response: &HttpResponse) -> Result<Step, NetError> {
        let may_moderate = refusal::classify(response) != ErrorClass::Forbidden;
        if may_moderate {
            items(response, &Wanted::All)?;
        } else {
            self.report
                .problems
                .push("what waits for review cannot be seen: authorise as owner or manager of the channel");
        }
        // Whoever sees what waits for review may moderate and answer, if that was asked for.
        self.report.can_write = may_moderate && oauth::has_scope(&self.account, authorise::WRITE).unwrap_or(true);
        if may_moderate && !self.report.can_write {
            self.report.problems.push("the permission to answer and moderate is missing: authorise the account again");
        }
        Ok(Step::Done)
    }
}

impl SelfTestSteps for SelfTest {
    fn next_request(&self) -> Option<HttpRequest> {
        self.build().ok().flatten()
    }

    fn on_response(&mut self, response: &HttpResponse) -> Result<(), NetError> {
        self.step = match self.step {
            Step::Who => self.on_who(response)?,
            Step::Read => self.on_read(response)?,
            Step::Held => self.on_held(response)?,
            Step::Done => Step::Done,
        };
        Ok(())
    }

    fn report(&self) -> SelfReport {
        self.report.clone()
    }
}
