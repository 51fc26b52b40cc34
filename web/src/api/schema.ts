/** Made by `npm run gen` from crates/server/openapi.json; never changed by hand. */

export interface paths {
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The connected channels, the removed ones among them */
        get: operations["accounts"];
        put?: never;
        /**
         * Connects a channel
         * @description Its first source is read at once. Prove it with `self_test`.
         */
        post: operations["add_account"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One connected channel */
        get: operations["account"];
        put?: never;
        post?: never;
        /**
         * Removes a channel
         * @description It is no longer heard or answered, and everything heard and said stays. Its credentials are gone. Where its network
         *     was asked to send webhooks, that is taken back in the background, within a day and a half, and its credentials are
         *     kept sealed for as long; `webhook_error` says what is left where the network does not answer.
         */
        delete: operations["remove_account"];
        options?: never;
        head?: never;
        /** Changes a channel */
        patch: operations["change_account"];
        trace?: never;
    };
    "/api/v1/accounts/{id}/figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures of an account and of what it posted in the last month */
        get: operations["figures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/self_test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Proves reading and writing, without writing */
        post: operations["self_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open and recent alerts */
        get: operations["alerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says: I am on it */
        post: operations["acknowledge_alert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The log, newest first */
        get: operations["audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the log is whole, as far as is known */
        get: operations["audit_state"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Verifies the whole log now */
        post: operations["verify_audit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/authorisations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begins to connect an account
         * @description Send the browser to `address`. The network sends it back to `redirect` with `state` and `code`.
         */
        post: operations["begin_authorisation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/authorisations/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hands in what the network sent back */
        post: operations["return_authorisation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/authorisations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What may be chosen */
        get: operations["authorisation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/authorisations/{id}/connect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Connects the chosen account, or authorises the one that was there again
         * @description Everything heard and said so far stays.
         */
        post: operations["connect_authorised"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Cases, newest first */
        get: operations["cases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A case */
        get: operations["case"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a case */
        post: operations["accept_case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Closes a case with an outcome */
        post: operations["close_case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/intake": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Opens what was entered for a case. That it was opened stands in the log */
        get: operations["read_intake"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a new link; those made before and not used stop opening */
        post: operations["new_intake_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/claims": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The library of claims, with what is known and where that stands */
        get: operations["claims"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The queue: worst first, then by due time. */
        get: operations["conversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many conversations wait. */
        get: operations["counts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A whole conversation. That it was opened stands in the log. */
        get: operations["conversation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/assign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives a conversation to a colleague, or to nobody. */
        post: operations["assign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begins an answer. The guard judges it as it is stored */
        post: operations["add_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/hand_over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hands a conversation over as a case, with a link under which the person can write in private */
        post: operations["hand_over"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Writes a note for the team. It never leaves. */
        post: operations["add_note"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/presence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says that I look at a conversation, or write in it, and who else does. Stores nothing. */
        post: operations["presence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Opens a resolved conversation again. */
        post: operations["reopen"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a conversation with an outcome. */
        post: operations["resolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/snooze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a conversation out of the queue until an instant. */
        post: operations["snooze"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/why": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why a conversation stands where it stands, step by step. That it was opened stands in the log. */
        get: operations["why"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/corrections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What people said about labels, newest first. No text of a message stands in it. */
        get: operations["corrections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/corrections/agreement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How often people agree with each label. Only what somebody judged counts, and people rather correct than confirm: the share
         *     is of the judged ones, not of all.
         */
        get: operations["agreement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/corrections/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Corrected messages as training data, in the format of `data/annotated`: one JSON object a line. The texts are of real
         *     persons, with everything that identifies them. Who took them out stands in the log before the first leaves.
         */
        get: operations["export_corrections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead_letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Items that could not be read, newest first */
        get: operations["dead_letters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead_letters/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reads an item again */
        post: operations["retry_dead_letter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A draft */
        get: operations["draft"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes what a draft says. What was said about the old one falls away */
        patch: operations["change_draft"];
        trace?: never;
    };
    "/api/v1/drafts/{id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Acknowledges warnings with a reason */
        post: operations["acknowledge_warnings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approves the text that was seen */
        post: operations["approve_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives a draft up */
        post: operations["discard_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/grant_override": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets a blocked text pass, as privacy officer and second person */
        post: operations["grant_override"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Rejects the text that was seen */
        post: operations["reject_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/request_override": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the privacy officer to let a blocked text pass */
        post: operations["request_override"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends a draft
         * @description The guard judges it once more, since rules may have changed. It leaves through the outbox.
         */
        post: operations["send_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks for approval */
        post: operations["submit_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/guard/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says what the guard says of a text. Stores nothing. */
        post: operations["check_text"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/guard/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rules of the guard, with what they rest on and examples */
        get: operations["guard_rules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/guard/skeleton": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A safe text to begin with, in the language of what is answered, with the account's own contact filled in. The guard has
         *     let it pass as a reply to this message.
         */
        get: operations["skeleton"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the installation does */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest imports */
        get: operations["imports"];
        put?: never;
        /** Reads a file in */
        post: operations["begin_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Shows how a file would be read; stores nothing */
        post: operations["preview_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One import */
        get: operations["import"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}/rejected": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rows that were refused, as CSV of line, reason and row */
        get: operations["rejected_rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who I am and what I may do */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sets a new password for oneself
         * @description Other sessions of the same person end.
         */
        post: operations["change_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files, newest first */
        get: operations["media"];
        put?: never;
        /** Takes a file in */
        post: operations["add_media"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a file that nothing still needs; posts that went out with it keep it on their networks */
        delete: operations["remove_media"];
        options?: never;
        head?: never;
        /** Describes a file for people who do not see it */
        patch: operations["describe_media"];
        trace?: never;
    };
    "/api/v1/media/{id}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes of a file */
        get: operations["media_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/corrections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Corrects a label of a message. It counts at once where the message is shown, and for its place. */
        post: operations["correct_label"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/moderate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Shows, hides, removes or reports somebody's message at its network
         * @description It is queued like anything that leaves, done once, and read back where nobody knows whether it was done.
         *     Hiding, removing and reporting need a reason: abuse, spam, or somebody's data disclosed.
         */
        post: operations["moderate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/take_back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deletes an own reply on its network, or gives it another text */
        post: operations["take_back"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/networks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The networks */
        get: operations["networks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What leaves, newest first */
        get: operations["outbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outbox/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets the outbox go again after a restore */
        post: operations["release_outbox"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outbox/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One thing that leaves */
        get: operations["outbox_item"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outbox/{id}/decide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decides about something of which nobody knows, or which did not leave */
        post: operations["decide_outbox_item"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outbox/{id}/reconcile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reads the network back now, to learn whether it took something */
        post: operations["reconcile_outbox_item"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The author of conversations. Nothing says that anybody is a patient. */
        get: operations["person"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/posts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Posts, newest first */
        get: operations["posts"];
        put?: never;
        /** Begins a post. The guard judges it as it is stored; it is sent like any draft */
        post: operations["add_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/posts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A post, or other words for one */
        get: operations["post"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/posts/{id}/captions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Captions that were added to a post, oldest first */
        get: operations["captions"];
        put?: never;
        /**
         * Adds captions to a video that was published
         * @description They take the place of those that it has in this language under this name. What is wrong with the file is
         *     said with its line; the words are judged by the guard like those of a post.
         */
        post: operations["add_captions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/posts/{id}/revise": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begins other words for a post that stands on its network. They are judged, approved and sent like a post */
        post: operations["revise_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/posts/{id}/take_back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deletes a post of ours on its network */
        post: operations["take_back_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/posts/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a post said and says, oldest first: as it was written, and each other words for it */
        get: operations["post_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prepared_texts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prepared texts that fit a conversation */
        get: operations["prepared_texts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registrations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The registrations */
        get: operations["registrations"];
        put?: never;
        /** Adds a registration */
        post: operations["add_registration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registrations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a registration; accounts that were authorised through it keep their credentials */
        delete: operations["remove_registration"];
        options?: never;
        head?: never;
        /** Changes a registration */
        patch: operations["change_registration"];
        trace?: never;
    };
    "/api/v1/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which roles may do what */
        get: operations["roles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Signs in
         * @description Sets the cookie `bedside_session`.
         */
        post: operations["sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Signs out */
        delete: operations["sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The settings */
        get: operations["settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes the settings
         * @description Managers may change the rota; everything else is the administrator's.
         */
        patch: operations["change_settings"];
        trace?: never;
    };
    "/api/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the first run is still to be done */
        get: operations["setup_state"];
        put?: never;
        /**
         * The first run
         * @description Makes the organisation and its administrator and signs them in. Works once.
         */
        post: operations["set_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sources */
        get: operations["sources"];
        put?: never;
        /** Adds a source; it is read at once */
        post: operations["add_source"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes a source */
        patch: operations["change_source"];
        trace?: never;
    };
    "/api/v1/sources/{id}/poll": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reads a source now */
        post: operations["poll_source"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What changes, as it changes
         * @description Server-sent events: `conversation`, `draft`, `outbox`, `alert`, `source`, `import`, `presence`, `audit`, `resync`. Their data
         *     are ids and states, never text. After `resync` (fell behind or reconnected) fetch again.
         */
        get: operations["stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/understand": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says what a text is, with the words that decided it. Stores nothing. */
        post: operations["understand"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The team */
        get: operations["users"];
        put?: never;
        /** Adds a person */
        post: operations["add_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes a person
         * @description Who may no longer sign in is signed out at once and leaves the on-call chain. The last
         *     administrator stays one.
         */
        patch: operations["change_user"];
        trace?: never;
    };
    "/api/v1/watch_terms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The watch terms */
        get: operations["watch_terms"];
        put?: never;
        /** Adds watch terms */
        post: operations["add_watch_terms"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/watch_terms/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries the watch terms on a text; stores nothing */
        post: operations["try_watch_terms"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/watch_terms/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a watch term */
        delete: operations["remove_watch_term"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A connected channel. */
        Account: {
            /** @description Web addresses that may be named. */
            allowed_urls: string[];
            /** @description The root of the site or API; empty for imported files. */
            base_url: string;
            /** @description What the network lets us do. */
            capabilities: string[];
            /** @description The name under which it answers there. */
            connected_as: string | null;
            /** @description Public contacts. */
            contacts: components["schemas"]["Contacts"];
            /** @description ISO 3166-1 alpha-2; the organisation's where absent. */
            country: string | null;
            credentials_end_at: null | components["schemas"]["Instant"];
            /** @description Credentials are stored. */
            has_credentials: boolean;
            /** @description Its id. */
            id: string;
            last_heard_at: null | components["schemas"]["Instant"];
            limits: null | components["schemas"]["Limits"];
            /** @description What the team calls it. */
            name: string;
            /** @description The network; `/networks` lists them. */
            network: string;
            /** @description A programme under 42 CFR Part 2: only fixed texts may leave. */
            part2: boolean;
            reauthorise_by: null | components["schemas"]["Instant"];
            /** @description Why its credentials could not be renewed. */
            renewal_error: string | null;
            /** @description Names and addresses of its sites. */
            sites: string[];
            /** @description Names of staff who appear in public. */
            staff: string[];
            /** @description Where it stands. */
            state: components["schemas"]["AccountState"];
            /**
             * Format: int64
             * @description For `If-Match`.
             */
            version: number;
            webhook_asked_at: null | components["schemas"]["Instant"];
            /** @description Why it does not send them, and what to do. */
            webhook_error: string | null;
            /** @description Whether that webhook was the network's. */
            webhook_ok: boolean | null;
            /** @description Where the network is to send its webhooks, under the public address. */
            webhook_path: string | null;
            webhook_seen_at: null | components["schemas"]["Instant"];
            webhook_since: null | components["schemas"]["Instant"];
            webhook_until: null | components["schemas"]["Instant"];
        };
        /** @description How an account proves who it is. Goes in and never comes out. */
        AccountCredentials: {
            /**
             * Format: password
             * @description The account's token.
             */
            access_token: string;
            /**
             * Format: password
             * @description The account's token secret.
             */
            access_token_secret: string;
            /** @description The application's key. */
            consumer_key: string;
            /**
             * Format: password
             * @description The application's secret.
             */
            consumer_secret: string;
        } | {
            /**
             * Format: password
             * @description The access token.
             */
            access_token: string;
            /** @description The application's id. */
            client_id: string;
            /**
             * Format: password
             * @description The application's secret.
             */
            client_secret: string;
            /**
             * Format: password
             * @description The refresh token, where there is one.
             */
            refresh_token?: string;
        } | {
            /**
             * Format: password
             * @description The password.
             */
            password: string;
            /** @description The user name on the network. */
            username: string;
        } | {
            /**
             * Format: password
             * @description The token.
             */
            token: string;
        };
        /** @enum {string} */
        AccountState: "connected" | "paused" | "needs_reauthorisation" | "removed";
        /** @description Warnings that the writer has seen. */
        Acknowledge: {
            /** @description Indexes into the verdict's findings. */
            findings: number[];
            /** @description Why the text stands. */
            reason: string;
        };
        /** @description A warning that was acknowledged. */
        AcknowledgementView: {
            /** @description Index into the verdict's findings. */
            finding: number;
            /** @description Why the text stands. */
            reason: string;
            /** @description Who. */
            user: components["schemas"]["PersonRef"];
        };
        /** @enum {string} */
        Action: "read_inbox" | "read_message" | "read_people" | "assign" | "snooze" | "note" | "resolve" | "reopen" | "change_priority" | "correct_label" | "draft_reply" | "edit_draft" | "discard_draft" | "submit_draft" | "acknowledge_warning" | "request_override" | "approve_draft" | "override_block" | "send_reply" | "take_back" | "show_message" | "hide_message" | "draft_post" | "approve_post" | "send_post" | "manage_prepared_texts" | "hand_over" | "read_case" | "work_case" | "read_intake" | "acknowledge_alert" | "read_alerts" | "read_accounts" | "manage_accounts" | "manage_sources" | "run_import" | "retry_dead_letter" | "read_outbox" | "reconcile_outbox" | "release_outbox" | "assess_text" | "check_guard" | "manage_users" | "manage_rota" | "read_settings" | "manage_settings" | "read_audit" | "verify_audit" | "export" | "erase_person" | "read_health";
        /** @description Who did something. */
        ActorRef: {
            /** @description The user, or the part of the program. */
            id: string | null;
            /** @description `user`, `system`, `cli`, `public`. */
            kind: string;
            /** @description The user's name. */
            name: string | null;
        };
        /** @description A registration to add. */
        AddRegistration: {
            /** @description The root of the network's API; the network's own where absent. */
            base_url?: string | null;
            /**
             * @description The client id that the network gave. Absent for a network of many servers that Bedside registers
             *     with by itself: then `base_url` is the server's address.
             */
            client_id?: string | null;
            /**
             * Format: password
             * @description The client secret; absent for a public client.
             */
            client_secret?: string;
            /** @description Settings such as `api_version`. */
            config?: Record<string, never> | null;
            /** @description What the team calls it. */
            name: string;
            /** @description The network. */
            network: string;
        };
        /** @description A source to add. */
        AddSource: {
            /** @description The account. */
            account_id: string;
            /** @description Settings of the connector. */
            config?: Record<string, never> | null;
            /**
             * Format: int64
             * @description Seconds between two polls, at most a day.
             */
            interval_seconds?: number | null;
            /** @description What is read, as the network names it: one of its `sources`. */
            kind: string;
            /** @description What the team calls it. */
            name: string;
            /** @description Its address; the account's where absent. */
            url?: string | null;
        };
        /** @description A person to add. */
        AddUser: {
            /** @description The address to sign in with. */
            email: string;
            /** @description The name that colleagues see. */
            name: string;
            /**
             * Format: password
             * @description Their first password, at least 12 characters.
             */
            password: string;
            /** @description What they may do. */
            roles: components["schemas"]["Role"][];
        };
        /** @description Terms to add. */
        AddWatchTerms: {
            /** @description Those that are there already stay as they are. */
            terms: components["schemas"]["NewWatchTerm"][];
        };
        /** @description What adding came to. */
        AddedWatchTerms: {
            /**
             * Format: int64
             * @description How many are new.
             */
            added: number;
        };
        /** @description How often people agree with the labels. */
        Agreement: {
            /** @description Since when is counted. */
            from: components["schemas"]["Instant"];
            /** @description Those judged most often first. */
            items: components["schemas"]["LabelAgreement"][];
            /**
             * Format: int32
             * @description Judgements that were counted.
             */
            judged: number;
            /**
             * Format: int32
             * @description Inbound messages whose labels were counted; at most the newest 20,000.
             */
            messages: number;
            /** @description Until when. */
            to: components["schemas"]["Instant"];
        };
        /** @description An alert. It says class, time and where to look, never text or names of people outside. */
        Alert: {
            acknowledged_at: null | components["schemas"]["Instant"];
            acknowledged_by: null | components["schemas"]["Person"];
            /** @description What it is about. */
            class: components["schemas"]["AlertClass"];
            /** @description The conversation that somebody must look at. */
            conversation_id: string | null;
            /** @description What was sent for it. */
            deliveries: components["schemas"]["AlertDelivery"][];
            /** @description The whole chain was told and nobody answered, or there is no chain. */
            exhausted: boolean;
            /** @description Its id. */
            id: string;
            next_at: null | components["schemas"]["Instant"];
            /** @description The post that somebody must look at. */
            post_id: string | null;
            /** @description When it was raised. */
            raised_at: components["schemas"]["Instant"];
            /** @description Where it stands. */
            state: components["schemas"]["AlertState"];
            /**
             * Format: int32
             * @description How many places of the chain were told.
             */
            step: number;
        };
        /** @enum {string} */
        AlertClass: "crisis" | "emergency" | "past_due" | "stopped";
        /** @description One message of an alert. */
        AlertDelivery: {
            /** @description Since when. */
            at: components["schemas"]["Instant"];
            /** @description Over what. */
            channel: components["schemas"]["Channel"];
            /** @description Where it stands, as in the outbox. */
            state: string;
        };
        /** @description An open alert. */
        AlertRef: {
            /** @description The alert. */
            id: string;
            /** @description Where it stands. */
            state: string;
        };
        /** @enum {string} */
        AlertState: "raised" | "escalated" | "acknowledged" | "closed";
        /** @description How alerts leave. */
        Alerts: {
            /** @description Hosts in private ranges that may be spoken to all the same, by name. */
            allowed_private_hosts: string[];
            /**
             * Format: int32
             * @description Minutes after which an unacknowledged alert goes to the next in the chain.
             */
            escalate_after_minutes: number;
            smtp: null | components["schemas"]["Smtp"];
            webhook: null | components["schemas"]["Webhook"];
        };
        /** @description Everything that the organisation sets. */
        AllSettings: {
            /** @description How alerts leave. */
            alerts: components["schemas"]["Alerts"];
            /** @description How fast it answers. */
            clocks: components["schemas"]["ClockRule"][];
            /** @description When it is open. */
            hours: components["schemas"]["Hours"];
            /** @description Who it is. */
            organisation: components["schemas"]["MyOrganisation"];
            /** @description What needs a second person. */
            policy: components["schemas"]["Policy"];
            /** @description Who is alerted, in order. */
            rota: components["schemas"]["RotaStep"][];
        };
        /** @description Where the same is said. */
        AlsoSaid: {
            /** @description The account that heard it, as the team calls it. */
            account: string;
            /** @description Its conversation. */
            conversation_id: string;
            /** @description The message. */
            message_id: string;
            /** @description Its network. */
            network: string;
            /** @description When it was written. */
            published_at: components["schemas"]["Instant"];
        };
        /** @description What a second person said. */
        ApprovalView: {
            /** @description When. */
            at: components["schemas"]["Instant"];
            /** @description `approved`, `rejected`, or `voided` where the text changed afterwards. */
            decision: string;
            /** @description Why. */
            reason: string | null;
            /** @description Whether it still counts for the text as it stands. */
            stands: boolean;
            /** @description Which text. */
            text_hash: string;
            /** @description Who. */
            user: components["schemas"]["PersonRef"];
        };
        /** @description What was asked for. */
        Asked: {
            /** @description What. */
            kind: components["schemas"]["OutboxKind"];
            /** @description The item that leaves. */
            outbox_id: string;
            /** @description Where it is. */
            state: components["schemas"]["OutboxState"];
        };
        /** @description Everything that is said about one text. */
        Assessment: {
            /** @description Statements of the library of claims that the text is about, best first. */
            claims: components["schemas"]["ClaimMatch"][];
            hcat: null | components["schemas"]["Hcat"];
            /** @description Identifiers. */
            identifiers: components["schemas"]["Identifier"][];
            /** @description Best first. */
            intents: components["schemas"]["IntentScore"][];
            /** @description BCP 47. */
            language: string;
            /**
             * Format: double
             * @description Probability of the language.
             */
            language_score: number;
            /** @description Which models and lists said all this. */
            made_by: string;
            /** @description A person must read it. */
            needs_reader: boolean;
            /**
             * Format: int32
             * @description Rank, 0 first.
             */
            priority: number;
            /** @description How hard it is to read. */
            readability: components["schemas"]["Readability"];
            risk: null | components["schemas"]["Risk"];
            /** @description By precedence. */
            risks: components["schemas"]["Risk"][];
            sentiment: null | components["schemas"]["Sentiment"];
            /** @description Themes of patient experience. */
            themes: components["schemas"]["Theme"][];
        };
        /** @description Whose it is to be. */
        Assign: {
            /** @description A colleague; null for nobody. */
            user_id?: string | null;
        };
        /** @description A file that a draft carries. */
        AttachmentView: {
            /** @description What people hear who do not see it. */
            alt: string | null;
            /**
             * Format: int64
             * @description Its size in bytes.
             */
            bytes: number;
            /**
             * Format: int32
             * @description Height in pixels, where known.
             */
            height: number | null;
            /** @description The file. */
            id: string;
            /** @description What sort of file it is. */
            kind: components["schemas"]["MediaKind"];
            /** @description The media type, as its bytes say. */
            mime: string;
            /**
             * Format: int32
             * @description Width in pixels, where known.
             */
            width: number | null;
        };
        /** @description One attempt. */
        AttemptView: {
            /** @description When it began. */
            at: components["schemas"]["Instant"];
            /** @description What was said, without text of anybody. */
            detail: string | null;
            ended_at: null | components["schemas"]["Instant"];
            /** @description `delivered`, `retry`, `unknown`, `dead`; `sending` while it runs. */
            outcome: string;
        };
        /** @description Who did it. */
        AuditActor: {
            /** @description The user's id or the part of the system. */
            id: string | null;
            /** @description `user`, `system`, `cli` or `public`. */
            kind: string;
            /** @description The user's name as it is now. */
            name: string | null;
        };
        /** @description A signed checkpoint. */
        AuditCheckpoint: {
            at: null | components["schemas"]["Instant"];
            /**
             * Format: int64
             * @description The entry that it covers up to.
             */
            height: number;
        };
        /** @description One entry of the log. */
        AuditEntry: {
            /** @description What, as a stable code. */
            action: string;
            /** @description Who. */
            actor: components["schemas"]["AuditActor"];
            /** @description When. */
            at: components["schemas"]["Instant"];
            /** @description Codes, ids, hashes and numbers; never text or names. */
            detail: {
                [key: string]: string;
            };
            /** @description Its hash, hexadecimal. */
            hash: string;
            /**
             * Format: int64
             * @description Its number in the organisation's log.
             */
            height: number;
            /** @description On what. */
            object: components["schemas"]["AuditObject"];
            /** @description The entry in words, in the organisation's language. */
            sentence: string;
        };
        /** @description On what it was done. */
        AuditObject: {
            /** @description Its id. */
            id: string;
            /** @description The kind of thing. */
            kind: string;
        };
        /** @description Whether the log is whole. */
        AuditState: {
            /** @description What is wrong, in a sentence. */
            alarm: string | null;
            checkpoint: null | components["schemas"]["AuditCheckpoint"];
            /** @description The hash of the newest. */
            hash: string;
            /**
             * Format: int64
             * @description How many entries there are.
             */
            height: number;
            /** @description Nothing is known to be wrong. */
            ok: boolean;
            /**
             * Format: int64
             * @description How many of the newest entries no checkpoint covers yet.
             */
            uncovered: number;
            verified_at: null | components["schemas"]["Instant"];
        };
        /** @description Who wrote to us, as the network shows them. */
        AuthorRef: {
            /** @description The name shown there. */
            display_name: string;
            /** @description For the page of this person; null where the network names nobody. */
            id: string | null;
            /**
             * Format: int64
             * @description Messages seen of them.
             */
            times: number;
        };
        /** @description A flow that was begun. */
        AuthorisationBegun: {
            /** @description Where to send the browser. */
            address: string;
            /** @description Its id. */
            id: string;
            /** @description The return address, which the registration must allow. */
            redirect: string;
        };
        /** @description An account that may be connected. */
        AuthorisationChoice: {
            /** @description Its name as shown. */
            name: string;
            /** @description Its id on the network. */
            native_id: string;
        };
        /** @description What was granted. */
        AuthorisationGranted: {
            /** @description The account that is authorised again; null where a new one is connected. */
            account_id: string | null;
            /** @description The accounts to choose from. */
            choices: components["schemas"]["AuthorisationChoice"][];
            /** @description The flow's id. */
            id: string;
            /** @description The network. */
            network: string;
        };
        /** @description What the network sent back. */
        AuthorisationReturn: {
            /** @description The code; absent where the person refused. */
            code?: string | null;
            /** @description The network's error, where it gave one. */
            error?: string | null;
            /** @description The state. */
            state: string;
        };
        /** @enum {string} */
        Basis: "wall" | "organisation";
        /** @description A flow to begin. */
        BeginAuthorisation: {
            /** @description The account to authorise again; absent to connect a new one. */
            account_id?: string | null;
            /** @description The registration that asks. */
            registration_id: string;
        };
        /** @description Captions that were added to a video of ours. */
        CaptionsView: {
            /** @description Their language, a BCP 47 tag. */
            language: string;
            /** @description What viewers choose them by. */
            name: string;
            /** @description What became of them. */
            outbox: components["schemas"]["OutboxView"];
        };
        /** @enum {string} */
        CaseOutcome: "settled" | "passed_on" | "not_reached" | "withdrawn";
        /** @enum {string} */
        CaseReason: "care_concern" | "staff_conduct" | "billing" | "privacy" | "possible_harm" | "adverse_event" | "safety" | "urgent" | "access" | "other";
        /** @enum {string} */
        CaseState: "open" | "accepted" | "closed";
        /** @description A case. */
        CaseView: {
            closed_at: null | components["schemas"]["Instant"];
            /** @description The conversation that it came from. */
            conversation_id: string;
            /** @description When. */
            created_at: components["schemas"]["Instant"];
            /** @description Who handed it over. */
            created_by: components["schemas"]["PersonRef"];
            due_at: null | components["schemas"]["Instant"];
            /** @description Its id. */
            id: string;
            intake_link: null | components["schemas"]["IntakeLink"];
            outcome: null | components["schemas"]["CaseOutcome"];
            /** @description Who is to take it. */
            owner_role: components["schemas"]["OwnerRole"];
            owner_user: null | components["schemas"]["PersonRef"];
            /** @description Why it was handed over. */
            reason: components["schemas"]["CaseReason"];
            /** @description Where it stands. */
            state: components["schemas"]["CaseState"];
            /**
             * Format: int64
             * @description Grows with every change.
             */
            version: number;
        };
        /** @description What to change of a channel; what is absent stays. */
        ChangeAccount: {
            /** @description Web addresses that may be named, as a whole. */
            allowed_urls?: string[] | null;
            /** @description The root of the site or API. Another site needs its own credentials. */
            base_url?: string | null;
            /** @description Settings of the connector, as a whole. */
            config?: Record<string, never> | null;
            contacts?: null | components["schemas"]["Contacts"];
            /** @description ISO 3166-1 alpha-2. */
            country?: string | null;
            credentials?: null | components["schemas"]["AccountCredentials"];
            /** @description What the team calls it. */
            name?: string | null;
            /** @description A programme under 42 CFR Part 2: only fixed texts may leave. */
            part2?: boolean | null;
            /** @description Names and addresses of its sites, as a whole. */
            sites?: string[] | null;
            /** @description Names of staff who appear in public, as a whole. */
            staff?: string[] | null;
            state?: null | components["schemas"]["AccountState"];
        };
        /** @description How alerts leave, as a whole. */
        ChangeAlerts: {
            /** @description Hosts in private ranges that may be spoken to all the same: `name` or `name:port`. */
            allowed_private_hosts?: string[];
            /**
             * Format: int32
             * @description Minutes, 1 to 1440.
             */
            escalate_after_minutes: number;
            smtp?: null | components["schemas"]["ChangeSmtp"];
            webhook?: null | components["schemas"]["ChangeWebhook"];
        };
        /** @description What to change of a draft; what is absent stays. A title, files, a link and a language are those of a post. */
        ChangeDraft: {
            /** @description The new language, a BCP 47 tag; an empty one takes it away. */
            language?: string | null;
            /** @description The new link; an empty one takes it away. */
            link?: string | null;
            /** @description The files from now on, in the order in which they are shown. */
            media?: components["schemas"]["NewAttachment"][] | null;
            /** @description The new text. */
            text?: string | null;
            /** @description The new title of a post. */
            title?: string | null;
        };
        /** @description Who the organisation is. */
        ChangeOrganisation: {
            /** @description ISO 3166-1 alpha-2. */
            country?: string | null;
            kind?: null | components["schemas"]["OrganisationKind"];
            /** @description BCP 47 tag of the language it writes in. */
            language?: string | null;
            /** @description Its public name. */
            name?: string | null;
            /** @description IANA time zone. */
            zone?: string | null;
        };
        /** @description The old and the new password. */
        ChangePassword: {
            /**
             * Format: password
             * @description The new one, at least 12 characters.
             */
            new: string;
            /**
             * Format: password
             * @description The password so far.
             */
            old: string;
        };
        /** @description What to change of a registration; what is absent stays. */
        ChangeRegistration: {
            /** @description The root of the network's API. Another host needs its own secret. */
            base_url?: string | null;
            /** @description The client id. */
            client_id?: string | null;
            /**
             * Format: password
             * @description A new secret. An empty one never overwrites a stored one.
             */
            client_secret?: string;
            /** @description Settings, as a whole. */
            config?: Record<string, never> | null;
            /** @description What the team calls it. */
            name?: string | null;
        };
        /** @description What to change; a section that is absent stays as it is. */
        ChangeSettings: {
            alerts?: null | components["schemas"]["ChangeAlerts"];
            /** @description How fast it answers. */
            clocks?: components["schemas"]["ClockRule"][] | null;
            hours?: null | components["schemas"]["Hours"];
            organisation?: null | components["schemas"]["ChangeOrganisation"];
            policy?: null | components["schemas"]["Policy"];
            /** @description Who is alerted, in order. */
            rota?: components["schemas"]["RotaStep"][] | null;
        };
        /** @description The mail server for alerts. */
        ChangeSmtp: {
            /** @description Sender's address. */
            from: string;
            /** @description Host name. */
            host: string;
            /**
             * Format: password
             * @description A new password. Absent or empty keeps the stored one, as long as host, port and user name stay the same: a
             *     password is meant for one server.
             */
            password?: string | null;
            /**
             * Format: int32
             * @description Port.
             */
            port: number;
            /** @description Encryption. */
            tls: components["schemas"]["SmtpTls"];
            /** @description User name, where the server asks for one. */
            username?: string | null;
        };
        /** @description What to change of a source; what is absent stays. */
        ChangeSource: {
            /**
             * Format: int64
             * @description Seconds between two polls, at most a day.
             */
            interval_seconds?: number | null;
            /** @description What the team calls it. */
            name?: string | null;
            /** @description `paused` leaves it alone, `ok` goes on at once. */
            state?: null | ("ok" | "silent" | "failing" | "paused");
            /** @description Its address. */
            url?: string | null;
        };
        /** @description What to change of a person. */
        ChangeUser: {
            /** @description Whether they may sign in. */
            active?: boolean | null;
            /** @description The name that colleagues see. */
            name?: string | null;
            /** @description What they may do. */
            roles?: components["schemas"]["Role"][] | null;
        };
        /** @description The outgoing webhook for alerts. */
        ChangeWebhook: {
            /**
             * Format: password
             * @description A new signing secret. Absent or empty keeps the stored one.
             */
            secret?: string | null;
            /** @description Where alerts are posted. */
            url: string;
        };
        /** @enum {string} */
        Channel: "email" | "webhook" | "browser";
        /** @description A text to try. */
        Check: {
            /** @description Or the account that would say it. */
            account_id?: string | null;
            /** @description The descriptions of its files, in their order; null for a file without one. */
            alts?: (string | null)[];
            /** @description The conversation that it would answer in. */
            conversation_id?: string | null;
            /** @description The message of it that it would answer; the one that a new answer goes to where absent. */
            in_reply_to?: string | null;
            /** @description `reply` or `post`; a reply where a conversation is named. */
            kind?: string | null;
            /** @description The link of a post. */
            link?: string | null;
            /** @description The text. */
            text: string;
            /** @description The title of a post. */
            title?: string | null;
            visibility?: null | components["schemas"]["Visibility"];
        };
        /** @description Which account to connect. */
        ChooseAccount: {
            /** @description What the team calls it; the name as shown where absent. */
            name?: string | null;
            /** @description Its id on the network. */
            native_id: string;
        };
        /** @description A statement of the library of claims that the text is about. */
        ClaimMatch: {
            /** @description The words that decided it. */
            evidence: number[][];
            /** @description Its id in the library. */
            id: string;
            /**
             * Format: double
             * @description How well they match.
             */
            score: number;
            /** @description `asserts`, `asks`, `denies`. */
            stance: string;
        };
        /** @description Where a fact stands. */
        ClaimSource: {
            /** @description Who says so. */
            publisher: string;
            /** @description Title of the page or paper. */
            title: string;
            /** @description Its address. */
            url: string;
        };
        /** @description A statement about health that is wrong. */
        ClaimView: {
            /** @description Since when it counts. */
            effective_from: string;
            /** @description Stable. */
            id: string;
            /** @description What is known. */
            known: string;
            /** @description The wrong statement. */
            myth: string;
            /** @description When somebody last read it all through. */
            reviewed_on: string;
            /** @description How people say it in English. */
            says_en: string[];
            /** @description How people say it in Spanish. */
            says_es: string[];
            /** @description Where that stands. */
            sources: components["schemas"]["ClaimSource"][];
            /** @description The topic. */
            topic: string;
        };
        /** @description The clock of one priority. */
        ClockRule: {
            /** @description Which time is counted. */
            basis: components["schemas"]["Basis"];
            /**
             * Format: int32
             * @description Minutes until an answer is due; null for no clock.
             */
            minutes: number | null;
            /**
             * Format: int32
             * @description 0 to 12.
             */
            priority: number;
        };
        /** @enum {string} */
        ClockState: "none" | "ok" | "due_soon" | "past_due";
        /** @description The clock of a conversation. */
        ClockView: {
            /** @description Which minutes. */
            basis: components["schemas"]["Basis"];
            /**
             * Format: int32
             * @description Minutes from arrival; null without a clock.
             */
            minutes: number | null;
            /** @description Where it stands. */
            state: components["schemas"]["ClockState"];
        };
        /** @description How it ended. */
        CloseCase: {
            /** @description The outcome. */
            outcome: components["schemas"]["CaseOutcome"];
        };
        /** @description A channel to connect. */
        Connect: {
            /** @description Web addresses that may be named. */
            allowed_urls?: string[];
            /** @description The root of the site or API; not needed where the network has one address for all. */
            base_url?: string;
            /** @description Settings of the connector, as its documentation names them. */
            config?: Record<string, never> | null;
            /** @description Public contacts. */
            contacts?: components["schemas"]["Contacts"];
            /** @description ISO 3166-1 alpha-2; the organisation's where absent. */
            country?: string | null;
            credentials?: null | components["schemas"]["AccountCredentials"];
            /** @description What the team calls it. */
            name: string;
            /** @description The network; `/networks` lists them. */
            network: string;
            /** @description A programme under 42 CFR Part 2: only fixed texts may leave. */
            part2?: boolean;
            /** @description Names and addresses of its sites. */
            sites?: string[];
            /** @description Names of staff who appear in public. */
            staff?: string[];
        };
        /** @description How the public reaches the organisation. These may stand in a reply. */
        Contacts: {
            /**
             * @description E-mail.
             * @default null
             */
            email: string | null;
            /**
             * @description Telephone.
             * @default null
             */
            phone: string | null;
            /**
             * @description Page or secure form.
             * @default null
             */
            url: string | null;
        };
        /** @enum {string} */
        ConversationOutcome: "answered_here" | "moved_offline" | "no_action";
        /** @enum {string} */
        ConversationState: "open" | "snoozed" | "resolved";
        /** @description A whole conversation. */
        ConversationView: components["schemas"]["QueueItem"] & {
            case: null | components["schemas"]["CaseView"];
            /** @description Newest first; none that was discarded. */
            drafts: components["schemas"]["DraftView"][];
            /** @description Oldest first. */
            messages: components["schemas"]["MessageView"][];
            /** @description Oldest first. */
            notes: components["schemas"]["NoteView"][];
            /** @description Oldest first. */
            timeline: components["schemas"]["TimelineEntry"][];
            /** @description Why it stands where it stands. */
            why: components["schemas"]["WhyView"];
        };
        /** @description What a message says again. */
        CopyRef: {
            /**
             * Format: double
             * @description How much of the words the two have in common, estimated: 0 to 1.
             */
            likeness: number;
            /** @description The original; it may be older than the messages shown. */
            message_id: string;
        };
        /** @description What somebody says about a label. */
        Correct: {
            /** @description What is said. */
            act: components["schemas"]["CorrectionAct"];
            /** @description The kind of label. */
            kind: components["schemas"]["LabelKind"];
            /** @description Why, for colleagues. Needed where it moves a message behind those that are watched. */
            note?: string | null;
            says?: null | components["schemas"]["LabelView"];
            shown?: null | components["schemas"]["LabelView"];
        };
        /** @enum {string} */
        CorrectionAct: "confirm" | "remove" | "add" | "change";
        /** @description What somebody said about a label. */
        CorrectionView: {
            /** @description What was said. */
            act: components["schemas"]["CorrectionAct"];
            /** @description When. */
            at: components["schemas"]["Instant"];
            /** @description Who. */
            by: components["schemas"]["Corrector"];
            /** @description Its conversation. */
            conversation_id: string;
            /** @description It is about the text as it is now, and not about one that its author changed since. */
            counts: boolean;
            /** @description Its id. */
            id: string;
            /** @description The kind of label. */
            kind: components["schemas"]["LabelKind"];
            /** @description Which models and lists had read it; `person` where a person had set it. */
            made_by: string;
            /** @description The message. */
            message_id: string;
            /** @description Why. */
            note: string | null;
            /**
             * Format: int32
             * @description And after.
             */
            rank_after: number;
            /**
             * Format: int32
             * @description The rank of the message before.
             */
            rank_before: number;
            says: null | components["schemas"]["LabelView"];
            /**
             * Format: double
             * @description The score that was shown with it; null where a person had set it.
             */
            score: number | null;
            shown: null | components["schemas"]["LabelView"];
        };
        /** @description A colleague who said something. */
        Corrector: {
            /** @description The user. */
            id: string;
            /** @description The name that colleagues see. */
            name: string;
        };
        /** @description How many conversations wait. Numbers above 10,000 say no more than "very many". */
        Counts: {
            /**
             * Format: int64
             * @description Open and past due.
             */
            due: number;
            /**
             * Format: int64
             * @description Open and mine.
             */
            mine: number;
            /**
             * Format: int64
             * @description Open.
             */
            open: number;
            /**
             * Format: int64
             * @description Snoozed.
             */
            snoozed: number;
            /**
             * Format: int64
             * @description Open and nobody's.
             */
            unassigned: number;
        };
        /** @description An item that could not be read. */
        DeadLetter: {
            /** @description Of which account. */
            account_id: string;
            /**
             * Format: int64
             * @description How often it was tried.
             */
            attempts: number;
            /** @description The raw item. */
            id: string;
            /** @description Its id on the network. */
            native_id: string;
            /** @description What is wrong and where, never what stands there. */
            reason: string | null;
            /** @description When it came. */
            received_at: components["schemas"]["Instant"];
        };
        /** @description What is decided about an item. */
        Decide: {
            /** @description The decision. */
            decision: components["schemas"]["OutboxDecision"];
            /** @description Why. */
            reason: string;
        };
        /** @description What became of an own message. */
        DeliveryRef: {
            /** @description The item that left. */
            outbox_id: string;
            /** @description Where it stands. */
            state: components["schemas"]["OutboxState"];
        };
        /** @description Another text for people who do not see a file. */
        DescribeMedia: {
            /** @description The text; null takes it away. */
            alt?: string | null;
        };
        /** @description Where it would go. */
        Destination: {
            /** @description The name under which it would stand. */
            connected_as: string | null;
            /** @description The name of who is answered. */
            in_reply_to: string | null;
            /** @description The network. */
            network: string;
            /** @description What it stands under there. */
            place: string;
            /**
             * Format: int64
             * @description What the network charges for it, in millionths of a US dollar; null where it charges nothing.
             */
            price_micro_usd: number | null;
            /** @description Who could read it. */
            visibility: components["schemas"]["Visibility"];
        };
        /** @enum {string} */
        Direction: "inbound" | "own_reply" | "staff_elsewhere";
        /** @enum {string} */
        DraftKind: "reply" | "post" | "edit";
        /** @enum {string} */
        DraftState: "writing" | "blocked" | "needs_ack" | "ready" | "awaiting_approval" | "approved" | "queued" | "sent" | "discarded";
        /** @description A draft. */
        DraftView: {
            /** @description The account that would speak. */
            account_id: string;
            /** @description Warnings acknowledged for the text as it stands. */
            acknowledgements: components["schemas"]["AcknowledgementView"][];
            /** @description What second persons said, oldest first. */
            approvals: components["schemas"]["ApprovalView"][];
            /** @description Whether I can send it now. */
            can_send: boolean;
            /** @description The conversation that it answers in; null for a post. */
            conversation_id: string | null;
            /** @description When it was begun. */
            created_at: components["schemas"]["Instant"];
            /** @description Where it would go. */
            destination: components["schemas"]["Destination"];
            /** @description Its id. */
            id: string;
            /** @description The message that it answers. */
            in_reply_to: string | null;
            /** @description What it is to become. */
            kind: components["schemas"]["DraftKind"];
            /** @description The language of the text, a BCP 47 tag. */
            language: string | null;
            /** @description The link that it carries. */
            link: string | null;
            /** @description The files that it carries, in the order in which they are shown. */
            media: components["schemas"]["AttachmentView"][];
            /** @description Whether a second person has to approve it. */
            needs_second_person: boolean;
            outbox: null | components["schemas"]["OutboxView"];
            override: null | components["schemas"]["OverrideView"];
            /** @description Whether it is a prepared text that nobody changed. */
            prepared: boolean;
            /** @description What is in the way. */
            refusals: components["schemas"]["RefusalView"][];
            /** @description The post for which it has other words. */
            revises: string | null;
            /** @description Where it stands. */
            state: components["schemas"]["DraftState"];
            /** @description The text. */
            text: string;
            /** @description The hash that approvals and sending are bound to. */
            text_hash: string;
            /** @description The title of a post. */
            title: string | null;
            /** @description When it last changed. */
            updated_at: components["schemas"]["Instant"];
            verdict: null | components["schemas"]["VerdictView"];
            /**
             * Format: int64
             * @description For `If-Match`.
             */
            version: number;
            /** @description Who could read it. */
            visibility: components["schemas"]["Visibility"];
            /** @description Everybody who wrote in it. */
            writers: components["schemas"]["PersonRef"][];
            /** @description Who wrote it last. */
            written_by: components["schemas"]["PersonRef"];
        };
        /** @description What was entered under one link. */
        EnteredView: {
            /** @description What was entered: `{name, contact, text}`. */
            entered: Record<string, never>;
            /** @description When it was entered. */
            entered_at: components["schemas"]["Instant"];
            /** @description The link. */
            id: string;
        };
        /** @description What is wrong with one field of a request. */
        FieldProblem: {
            /** @description The field, with dots between the levels. */
            field: string;
            /** @description What to put there. */
            message: string;
        };
        /** @description A figure. */
        Figure: {
            /** @description The day (UTC) it is of, as its begin; of a total, the day on which it was read. */
            day: components["schemas"]["Instant"];
            /** @description `views`, `reach`, `followers`, `reactions`, `comments`, `shares`, `clicks`, `stars`, `reviews` or `actions`. */
            metric: string;
            /** @description The post it is of, by its id on the network; null for the account as a whole. */
            post_native_id: string | null;
            /** @description When it was read. */
            read_at: components["schemas"]["Instant"];
            /** @description The network's own name of it. */
            source: string;
            /** @description A total as of that day, not what the day brought. */
            total: boolean;
            /**
             * Format: double
             * @description The value.
             */
            value: number;
        };
        /** @description What a network counts of an account. What it does not tell is missing, never zero. */
        Figures: {
            /** @description Why they could not be read the last time. */
            error: string | null;
            /** @description The newest day first. */
            items: components["schemas"]["Figure"][];
            next_at: null | components["schemas"]["Instant"];
            read_at: null | components["schemas"]["Instant"];
        };
        /** @description One thing that the guard found. */
        FindingView: {
            /** @description One past the last. */
            end: number;
            /** @description The words meant. */
            evidence: string;
            /** @description Which file it is where it is in a description, from 0. */
            file: number | null;
            /** @description What to say or do instead. */
            instead: string;
            /** @description In which part of what is said. */
            part?: components["schemas"]["Part"];
            /** @description Rule id. */
            rule: string;
            /** @description Whether it warns or blocks. */
            severity: components["schemas"]["GuardDecision"];
            /** @description First scalar value of the words meant, in that part. */
            start: number;
            /** @description Why this must not be said. */
            why: string;
        };
        /** @enum {string} */
        Ground: "abusive" | "spam" | "personal_data";
        /** @enum {string} */
        GuardDecision: "allow" | "warn" | "block";
        /** @description A dated rule of the guard. */
        GuardRule: {
            /** @description What it rests on. */
            citation: string;
            /** @description On both sides. */
            examples: components["schemas"]["RuleExamples"];
            /** @description `B1`, `W3`, … */
            id: string;
            /** @description First day in force. */
            in_force_from: string | null;
            /** @description Last day in force; null while it has not ended. */
            in_force_to: string | null;
            /** @description What to say or do instead. */
            instead: string;
            /** @description Whether a privacy officer may let a text pass all the same. */
            overridable: boolean;
            /** @description When a person last read it through. */
            reviewed: string | null;
            /** @description Whether it warns or blocks. */
            severity: components["schemas"]["GuardDecision"];
            /** @description Why this must not be said. */
            text: string;
            /** @description A few words. */
            title: string;
        };
        /** @description Who is to take it, and why. */
        HandOver: {
            due_at?: null | components["schemas"]["Instant"];
            /** @description Who. */
            owner_role: components["schemas"]["OwnerRole"];
            /** @description Why. */
            reason: components["schemas"]["CaseReason"];
        };
        /** @description A word that many readers do not know. */
        HardWord: {
            /** @description What to write instead. */
            plainer: string | null;
            /** @description Where it stands. */
            span: number[];
            /** @description The word as written. */
            word: string;
        };
        /** @description Where a complaint belongs in the Healthcare Complaints Analysis Tool. */
        Hcat: {
            /** @description What raised or lowered the severity. */
            because: string[];
            /** @description Of three. */
            domain: string;
            /** @description The words that decided it. */
            evidence: number[][];
            /** @description Of seven. */
            problem: string;
            /**
             * Format: double
             * @description Probability of the problem.
             */
            score: number;
            /**
             * Format: int32
             * @description 1 low, 2 medium, 3 high; of what is told.
             */
            severity: number;
        };
        /** @description How the installation does. */
        Health: {
            /**
             * Format: int64
             * @description Messages of open alerts that could not be sent, and alerts that reached nobody.
             */
            alerts_unsent: number;
            /** @description The log. */
            audit: components["schemas"]["AuditState"];
            /** @description Nothing needs anybody. */
            ok: boolean;
            /** @description What leaves. */
            outbox: components["schemas"]["OutboxHealth"];
            /** @description What is heard. */
            sources: components["schemas"]["SourceHealth"][];
            /** @description The database's writer. */
            writer: components["schemas"]["WriterHealth"];
        };
        /** @description A date with opening times of its own. */
        Holiday: {
            /** @description The date in the organisation's zone, like `2026-12-25`. */
            date: string;
            /** @description Special times; none where it stays closed. */
            hours: components["schemas"]["Range"][];
            /** @description What it is. */
            name: string;
        };
        /** @description Opening times. */
        Hours: {
            /** @description Dates with times of their own. */
            holidays?: components["schemas"]["Holiday"][];
            /** @description Per weekday: ranges of wall-clock times. */
            week: components["schemas"]["Week"];
        };
        /** @description An identifier found in the text. */
        Identifier: {
            /** @description One past the last. */
            end: number;
            /**
             * Format: double
             * @description Probability.
             */
            score: number;
            /** @description First scalar value. */
            start: number;
            /** @description The text itself. */
            text: string;
            /** @description Which kind. */
            type: string;
        };
        /** @description A file that is or was read in. */
        Import: {
            /**
             * Format: int64
             * @description Rows taken in.
             */
            accepted: number;
            /** @description Into which account. */
            account_id: string;
            /** @description Which column is what. */
            columns: components["schemas"]["ImportColumns"];
            /** @description When it was begun. */
            created_at: components["schemas"]["Instant"];
            /**
             * Format: int64
             * @description How much of it is done.
             */
            done_bytes: number;
            /** @description What stopped it. */
            error: string | null;
            /** @description Its id. */
            id: string;
            /**
             * Format: int64
             * @description Rows that were there already.
             */
            known: number;
            /** @description The file's name. */
            name: string;
            /**
             * Format: int64
             * @description Rows refused; see `rejected`.
             */
            rejected: number;
            /** @description `running`, `done`, `failed` or `paused`. */
            state: string;
            /**
             * Format: int64
             * @description The file's size.
             */
            total_bytes: number;
        };
        /** @description Which column is what; in JSON lines a name may be a path such as `user.name`. */
        ImportColumns: {
            /**
             * @description Who wrote it.
             * @default null
             */
            author: string | null;
            /**
             * @description When.
             * @default null
             */
            date: string | null;
            /**
             * @description The id it has on its network.
             * @default null
             */
            id: string | null;
            /**
             * @description How many stars.
             * @default null
             */
            rating: string | null;
            /**
             * @description What was written.
             * @default null
             */
            text: string | null;
            /**
             * @description A title of its own.
             * @default null
             */
            title: string | null;
            /**
             * @description Its address.
             * @default null
             */
            url: string | null;
        };
        /** @description A form with a file to read in. */
        ImportForm: {
            /** @description Into which account; its network is `import`. */
            account_id: string;
            /** @description Which column is what, as JSON of `ImportColumns`; told by the names where absent. */
            columns?: string | null;
            /** @description `day_first` (default) or `month_first`. */
            date_order?: string | null;
            /**
             * Format: binary
             * @description The file, at most 200 MB.
             */
            file: string;
            /** @description `csv`, `jsonl`, or the name of an archive as the preview says it; told by the file where absent. */
            format?: string | null;
            /** @description `review` (default), `comment` or `post`. */
            kind?: string | null;
            /**
             * Format: double
             * @description The best rating; 5 where absent.
             */
            rating_max?: number | null;
            /** @description IANA zone of dates without an offset; the organisation's where absent. */
            zone?: string | null;
        };
        /** @description A file as it would be read. */
        ImportPreview: {
            /** @description The names of all columns; of an archive `id`, `kind`, `text`, which need no map. */
            columns: string[];
            /**
             * @description `csv`, `jsonl`, or the archive of a network: `activity_streams1` (MySpace), `activity_streams2`,
             *     `twitter`, `facebook`, `google_takeout`.
             */
            format: string;
            /** @description Which column seems to be what. */
            guess: components["schemas"]["ImportColumns"];
            /** @description The first rows, one value for each column. */
            rows: string[][];
        };
        /** Format: date-time */
        Instant: string;
        /** @description A link under which the person can write in private. Its address is shown this once. */
        IntakeLink: {
            /** @description When it stops opening. */
            expires_at: components["schemas"]["Instant"];
            /** @description The address to give to the person. */
            url: string;
        };
        /** @description What was entered for a case, and which links are still open. */
        IntakeView: {
            /** @description Newest first. */
            items: components["schemas"]["EnteredView"][];
            open_until: null | components["schemas"]["Instant"];
        };
        /** @description An intent with the words that decided it. */
        IntentScore: {
            /** @description The words that decided it. */
            evidence: number[][];
            /** @description Which. */
            label: string;
            /**
             * Format: double
             * @description Probability.
             */
            score: number;
        };
        /** @description What a second person says about the text that they saw. */
        Judgement: {
            /** @description Why. */
            reason?: string | null;
            /** @description The hash of the text that they saw. */
            text_hash: string;
        };
        /** @description How often people agreed with a label. */
        LabelAgreement: {
            /**
             * Format: int32
             * @description How often a person confirmed it.
             */
            agreed: number;
            /**
             * Format: int32
             * @description How often a person removed or changed it.
             */
            corrected: number;
            /** @description The level of a risk, the stance of a claim. */
            detail: string | null;
            /**
             * Format: double
             * @description Its upper end.
             */
            high: number | null;
            /** @description The kind of label. */
            kind: components["schemas"]["LabelKind"];
            /** @description Its name; of an identifier its type. */
            label: string;
            /**
             * Format: double
             * @description Lower end of the interval in which the true share lies (Wilson, 95%).
             */
            low: number | null;
            /**
             * Format: int32
             * @description How often a person added it, or changed another label to it, where it had not been read.
             */
            missed: number;
            /**
             * Format: double
             * @description `agreed` of those that were judged; null where nobody judged it.
             */
            share: number | null;
            /**
             * Format: int32
             * @description How often it was shown.
             */
            shown: number;
        };
        /** @enum {string} */
        LabelKind: "sentiment" | "intent" | "theme" | "risk" | "language" | "identifier" | "claim";
        /** @description The first risk of a queue item. */
        LabelRisk: {
            /** @description Which. */
            label: string;
            /** @description How near. */
            level: string;
        };
        /** @description A label of a queue item. */
        LabelScore: {
            /** @description Which. */
            label: string;
            /**
             * Format: double
             * @description Probability.
             */
            score: number;
        };
        /** @description A label by its name. */
        LabelView: {
            /** @description The level of a risk, the stance of a claim. */
            detail: string | null;
            /** @description Its name: an intent, a theme's name, a claim's id, a language tag, a type of identifier. */
            label: string;
            span: null | components["schemas"]["Span"];
        };
        /** @description The labels of a queue item. */
        Labels: {
            /** @description Best first. */
            intents: components["schemas"]["LabelScore"][];
            risk: null | components["schemas"]["LabelRisk"];
            /** @description On five points. */
            sentiment: string | null;
            /** @description Subcategories. */
            themes: string[];
        };
        /** @description The limits of a network, dated, because networks change them. */
        Limits: {
            /** @description The day on which these were last checked. */
            as_of: string;
            /** @description `chars` (Unicode scalar values), `bytes`, `utf16`, `graphemes`, or a network's own `weighted` and `mastodon`. */
            counted: string;
            /** @description What files a post may carry; empty for none. */
            media: components["schemas"]["MediaLimitShape"][];
            /**
             * Format: int32
             * @description The shortest sensible time between two polls, in seconds.
             */
            poll_min_seconds: number;
            /**
             * Format: int32
             * @description The longest post; null where posts cannot be sent.
             */
            post_max: number | null;
            /**
             * Format: int32
             * @description The longest reply; null where replies cannot be sent.
             */
            reply_max: number | null;
            /**
             * Format: int32
             * @description Requests a minute that we allow ourselves.
             */
            requests_per_minute: number;
            /** @description What they rest on. */
            source: string;
        };
        /** @description One action. */
        MatrixAction: {
            /** @description Its name. */
            action: components["schemas"]["Action"];
            /** @description Who may do it. */
            allowed: components["schemas"]["Role"][];
            /** @description What it is called. */
            title: string;
        };
        /** @description The person who is signed in, their organisation, and what they may do. */
        Me: {
            /** @description Their organisation. */
            organisation: components["schemas"]["MyOrganisation"];
            /** @description What they may do. */
            permissions: components["schemas"]["Action"][];
            /** @description The person. */
            user: components["schemas"]["MyUser"];
            /** @description The version of the program. */
            version: string;
        };
        /** @description A file. */
        Media: {
            /** @description The text for people who do not see it. */
            alt: string | null;
            /**
             * Format: int64
             * @description Its size in bytes.
             */
            bytes: number;
            /** @description When it was brought. */
            created_at: components["schemas"]["Instant"];
            /**
             * Format: int64
             * @description Height in pixels, where known.
             */
            height: number | null;
            /** @description Its id. */
            id: string;
            /** @description What sort of file it is. */
            kind: components["schemas"]["MediaKind"];
            /** @description The media type, as its bytes say. */
            mime: string;
            /**
             * Format: int64
             * @description Width in pixels, where known.
             */
            width: number | null;
        };
        /** @description The form with a file. */
        MediaForm: {
            /** @description The text for people who do not see it. */
            alt?: string | null;
            /**
             * Format: binary
             * @description A JPEG, PNG, GIF or WebP image, an MP4 or QuickTime video or a PDF. What a picture says of
             *     place and camera is taken out.
             */
            file: string;
        };
        /** @enum {string} */
        MediaKind: "image" | "video" | "document";
        /** @description What a network takes of one sort of file. */
        MediaLimitShape: {
            /**
             * Format: int32
             * @description The longest description, in characters; null where none is shown.
             */
            alt_max: number | null;
            /**
             * Format: int64
             * @description Largest file, in bytes.
             */
            bytes_max: number;
            /** @description Which sort. */
            kind: components["schemas"]["MediaKind"];
            /**
             * Format: int32
             * @description Most of them in one post.
             */
            most: number;
            /** @description Media types taken. */
            types: string[];
        };
        /** @description The author of a message. */
        MessageAuthor: {
            /** @description The name shown on the network. */
            display_name: string;
            /** @description The handle there. */
            handle: string | null;
            /** @description For the page of this person; null for our own messages. */
            id: string | null;
            /** @description The profile there. */
            url: string | null;
        };
        /** @enum {string} */
        MessageKind: "comment" | "review" | "post" | "reply";
        /** @description A message. */
        MessageView: {
            /**
             * @description Where the same words stand within a week, in other conversations of whatever account, the oldest first. Each
             *     keeps its rank and is answered where it stands.
             */
            also_said: components["schemas"]["AlsoSaid"][];
            assessment: null | components["schemas"]["Assessment"];
            /** @description Who wrote it. */
            author: components["schemas"]["MessageAuthor"];
            copy_of: null | components["schemas"]["CopyRef"];
            /** @description What people said about its labels, oldest first. */
            corrections: components["schemas"]["CorrectionView"][];
            deleted_at: null | components["schemas"]["Instant"];
            delivery: null | components["schemas"]["DeliveryRef"];
            /** @description Which way it went. */
            direction: components["schemas"]["Direction"];
            edited_at: null | components["schemas"]["Instant"];
            /** @description Its id. */
            id: string;
            /** @description What it is there. */
            kind: components["schemas"]["MessageKind"];
            /** @description Where it stands at its network, and what can be done about it. */
            moderation: components["schemas"]["ModerationView"];
            /** @description The message of this conversation that it answers. */
            parent_id: string | null;
            /** @description Its address. */
            permalink: string | null;
            /**
             * Format: int32
             * @description Its rank.
             */
            priority: number;
            /** @description When it was written. */
            published_at: components["schemas"]["Instant"];
            /**
             * Format: double
             * @description Stars.
             */
            rating: number | null;
            /** @description When Bedside had it. */
            received_at: components["schemas"]["Instant"];
            /** @description The text. */
            text: string;
            /** @description Who can read it. */
            visibility: components["schemas"]["Visibility"];
        };
        /** @description What is to be done about somebody's message. */
        Moderate: {
            /** @description What. */
            action: components["schemas"]["Moderation"];
            /** @description A few words on it for the team, kept as a note of the conversation. */
            note?: string | null;
            reason?: null | components["schemas"]["Ground"];
        };
        /** @enum {string} */
        Moderation: "approve" | "show" | "hide" | "remove" | "spam";
        /** @description Where somebody's message stands at its network, and what can be done about it. */
        ModerationView: {
            /** @description It was brought there from here, and not on the network itself. */
            by_us: boolean;
            /** @description What its network lets us do about it as it stands. Who may is said by the roles. */
            can: components["schemas"]["Moderation"][];
            open: null | components["schemas"]["Asked"];
            /** @description Where it stands. */
            standing: components["schemas"]["Standing"];
        };
        /** @description An organisation. */
        MyOrganisation: {
            /** @description ISO 3166-1 alpha-2. */
            country: string;
            /** @description Its id. */
            id: string;
            /** @description What it is. */
            kind: components["schemas"]["OrganisationKind"];
            /** @description BCP 47 tag of the language it writes in. */
            language: string;
            /** @description Its public name. */
            name: string;
            /** @description IANA time zone. */
            zone: string;
        };
        /** @description The person who is signed in. */
        MyUser: {
            /** @description The address to sign in with. */
            email: string;
            /** @description Their id. */
            id: string;
            /** @description The name that colleagues see. */
            name: string;
            /** @description Their roles. */
            roles: components["schemas"]["Role"][];
        };
        /** @description A network. */
        NetworkShape: {
            /** @description What the network lets us do. */
            capabilities: string[];
            /** @description Where its API is; null where each account has an address of its own. */
            home: string | null;
            /** @description Its limits, with their day and source. */
            limits: components["schemas"]["Limits"];
            /** @description Its stable name. */
            name: string;
            /** @description What is asked for when an account is authorised. */
            permissions: components["schemas"]["PermissionShape"][];
            /** @description Bedside registers itself with a server of this network: a person names the server and nothing else. */
            registers_by_itself: boolean;
            /** @description What can be read of an account. */
            sources: string[];
            /** @description Its name as people say it. */
            title: string;
            /** @description What it does with the title of a post: `needed`, `sometimes` (on a link, a video or a document), `unseen`. */
            titles: string;
            /**
             * @description How an account is connected, the way to offer first: `open`, `password`, `token`,
             *     `authorisation`, `oauth1`.
             */
            ways: string[];
        };
        /** @description A file to carry. */
        NewAttachment: {
            /** @description What people hear who do not see it; the file's own description where absent, none where empty. */
            alt?: string | null;
            /** @description The file. */
            id: string;
        };
        /** @description Captions to add. */
        NewCaptions: {
            /** @description The warnings of the guard were seen and the words may go out all the same; needed only where it warns. */
            acknowledged?: boolean;
            /** @description Their language, a BCP 47 tag. */
            language: string;
            /** @description What viewers choose them by, beside the language. */
            name?: string;
            /** @description The file as text: WebVTT or SubRip, at most 500,000 bytes. */
            text: string;
        };
        /** @description A note for the team. */
        NewNote: {
            /** @description The text. */
            text: string;
        };
        /** @description A new post. */
        NewPost: {
            /** @description The account that is to publish it. */
            account_id: string;
            /** @description The language of the text, a BCP 47 tag. */
            language?: string | null;
            /** @description A link that the network may show as a card. */
            link?: string | null;
            /** @description Files in the order in which they are shown. */
            media?: components["schemas"]["NewAttachment"][];
            /** @description The text. */
            text: string;
            /** @description The title; none for networks that show none. */
            title?: string;
        };
        /** @description A new answer. */
        NewReply: {
            /**
             * @description The message that it answers; the newest that waits where absent. It stays the draft's for good: an
             *     answer to another message is another draft.
             */
            in_reply_to?: string | null;
            /** @description The text. */
            text: string;
            visibility?: null | components["schemas"]["Visibility"];
        };
        /** @description A term to add. */
        NewWatchTerm: {
            /** @description `name` (default), `site`, `doctor`, `campaign`, `misspelling` or `other`. */
            kind?: string | null;
            /** @description The word or phrase, at most 200 characters. */
            term: string;
            /** @description Where one of these stands in a text, the term does not count; at most 20. */
            unless?: string[];
        };
        /** @description A note for the team. */
        NoteView: {
            /** @description When. */
            at: components["schemas"]["Instant"];
            /** @description Who wrote it. */
            author: components["schemas"]["PersonRef"];
            /** @description Its id. */
            id: string;
            /** @description The text. */
            text: string;
        };
        /** @enum {string} */
        OrganisationKind: "hospital" | "practice" | "physician_group" | "charity" | "consumer_group";
        /** @description Another message that waits. */
        OtherWaiting: {
            /** @description Which. */
            id: string;
            /**
             * Format: int32
             * @description Its rank.
             */
            priority: number;
            /** @description When it came. */
            received_at: components["schemas"]["Instant"];
        };
        /** @description Who else is there. */
        Others: {
            /** @description Everybody else who looks at this conversation. */
            others: components["schemas"]["Present"][];
        };
        /** @enum {string} */
        OutboxDecision: "mark_delivered" | "send_again" | "give_up";
        /** @description What leaves. */
        OutboxHealth: {
            /**
             * Format: int64
             * @description Items that the network refused.
             */
            dead: number;
            /**
             * Format: int64
             * @description Items held after a restore.
             */
            held: number;
            /**
             * Format: int64
             * @description Items that came too late.
             */
            missed: number;
            /**
             * Format: int64
             * @description Items that ask a person.
             */
            needs_human: number;
            /**
             * Format: int64
             * @description Age of the oldest item that is due and did not leave.
             */
            oldest_due_seconds: number | null;
            /**
             * Format: int64
             * @description Items that wait or are on their way.
             */
            pending: number;
            /**
             * Format: int64
             * @description Items that were judged again when they were to leave, and did not.
             */
            stopped: number;
            /**
             * Format: int64
             * @description Items of which nobody knows whether the network took them.
             */
            unknown: number;
        };
        /** @enum {string} */
        OutboxKind: "reply" | "post" | "edit" | "delete" | "hide" | "approve" | "remove" | "spam" | "caption" | "alert_email" | "alert_webhook";
        /** @enum {string} */
        OutboxState: "pending" | "sending" | "delivered" | "unknown" | "dead" | "missed" | "held" | "stopped" | "cancelled";
        /** @description One thing that leaves. */
        OutboxView: {
            /** @description Through which account; null for an alert. */
            account_id: string | null;
            /** @description For which alert. */
            alert_id: string | null;
            /** @description Oldest first. */
            attempts: components["schemas"]["AttemptView"][];
            /** @description For which conversation. */
            conversation_id: string | null;
            /** @description When it was made. */
            created_at: components["schemas"]["Instant"];
            /** @description Of which draft. */
            draft_id: string | null;
            /** @description When it was to leave. */
            due_at: components["schemas"]["Instant"];
            /** @description Its id. */
            id: string;
            /** @description What. */
            kind: components["schemas"]["OutboxKind"];
            /** @description Which own message it changes. */
            message_id: string | null;
            /** @description The network's id of what was made. */
            native_id: string | null;
            /** @description Whether somebody has to decide. */
            needs_human: boolean;
            next_at: null | components["schemas"]["Instant"];
            /** @description Where it stands there. */
            permalink: string | null;
            /** @description Where it stands. */
            state: components["schemas"]["OutboxState"];
            /** @description The verdict without which it could not leave. */
            verdict_id: string;
            /**
             * Format: int64
             * @description Grows with every change.
             */
            version: number;
            /** @description Why it stands where it stands. */
            why: string | null;
        };
        /** @description An exception that was asked for. */
        OverrideView: {
            granted_by: null | components["schemas"]["PersonRef"];
            /** @description Why they did. */
            granted_reason: string | null;
            /** @description Why. */
            reason: string;
            /** @description Who asked. */
            requested_by: components["schemas"]["PersonRef"];
            /** @description `requested` or `granted`. */
            state: string;
        };
        /** @enum {string} */
        OwnerRole: "patient_relations" | "privacy_officer" | "risk_manager" | "nurse_manager" | "transfer_centre";
        /** @description One page of a list. */
        Page_Account: {
            /** @description What is on this page. */
            items: {
                /** @description Web addresses that may be named. */
                allowed_urls: string[];
                /** @description The root of the site or API; empty for imported files. */
                base_url: string;
                /** @description What the network lets us do. */
                capabilities: string[];
                /** @description The name under which it answers there. */
                connected_as: string | null;
                /** @description Public contacts. */
                contacts: components["schemas"]["Contacts"];
                /** @description ISO 3166-1 alpha-2; the organisation's where absent. */
                country: string | null;
                credentials_end_at: null | components["schemas"]["Instant"];
                /** @description Credentials are stored. */
                has_credentials: boolean;
                /** @description Its id. */
                id: string;
                last_heard_at: null | components["schemas"]["Instant"];
                limits: null | components["schemas"]["Limits"];
                /** @description What the team calls it. */
                name: string;
                /** @description The network; `/networks` lists them. */
                network: string;
                /** @description A programme under 42 CFR Part 2: only fixed texts may leave. */
                part2: boolean;
                reauthorise_by: null | components["schemas"]["Instant"];
                /** @description Why its credentials could not be renewed. */
                renewal_error: string | null;
                /** @description Names and addresses of its sites. */
                sites: string[];
                /** @description Names of staff who appear in public. */
                staff: string[];
                /** @description Where it stands. */
                state: components["schemas"]["AccountState"];
                /**
                 * Format: int64
                 * @description For `If-Match`.
                 */
                version: number;
                webhook_asked_at: null | components["schemas"]["Instant"];
                /** @description Why it does not send them, and what to do. */
                webhook_error: string | null;
                /** @description Whether that webhook was the network's. */
                webhook_ok: boolean | null;
                /** @description Where the network is to send its webhooks, under the public address. */
                webhook_path: string | null;
                webhook_seen_at: null | components["schemas"]["Instant"];
                webhook_since: null | components["schemas"]["Instant"];
                webhook_until: null | components["schemas"]["Instant"];
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_Alert: {
            /** @description What is on this page. */
            items: {
                acknowledged_at: null | components["schemas"]["Instant"];
                acknowledged_by: null | components["schemas"]["Person"];
                /** @description What it is about. */
                class: components["schemas"]["AlertClass"];
                /** @description The conversation that somebody must look at. */
                conversation_id: string | null;
                /** @description What was sent for it. */
                deliveries: components["schemas"]["AlertDelivery"][];
                /** @description The whole chain was told and nobody answered, or there is no chain. */
                exhausted: boolean;
                /** @description Its id. */
                id: string;
                next_at: null | components["schemas"]["Instant"];
                /** @description The post that somebody must look at. */
                post_id: string | null;
                /** @description When it was raised. */
                raised_at: components["schemas"]["Instant"];
                /** @description Where it stands. */
                state: components["schemas"]["AlertState"];
                /**
                 * Format: int32
                 * @description How many places of the chain were told.
                 */
                step: number;
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_AuditEntry: {
            /** @description What is on this page. */
            items: {
                /** @description What, as a stable code. */
                action: string;
                /** @description Who. */
                actor: components["schemas"]["AuditActor"];
                /** @description When. */
                at: components["schemas"]["Instant"];
                /** @description Codes, ids, hashes and numbers; never text or names. */
                detail: {
                    [key: string]: string;
                };
                /** @description Its hash, hexadecimal. */
                hash: string;
                /**
                 * Format: int64
                 * @description Its number in the organisation's log.
                 */
                height: number;
                /** @description On what. */
                object: components["schemas"]["AuditObject"];
                /** @description The entry in words, in the organisation's language. */
                sentence: string;
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_CaptionsView: {
            /** @description What is on this page. */
            items: {
                /** @description Their language, a BCP 47 tag. */
                language: string;
                /** @description What viewers choose them by. */
                name: string;
                /** @description What became of them. */
                outbox: components["schemas"]["OutboxView"];
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_CaseView: {
            /** @description What is on this page. */
            items: {
                closed_at: null | components["schemas"]["Instant"];
                /** @description The conversation that it came from. */
                conversation_id: string;
                /** @description When. */
                created_at: components["schemas"]["Instant"];
                /** @description Who handed it over. */
                created_by: components["schemas"]["PersonRef"];
                due_at: null | components["schemas"]["Instant"];
                /** @description Its id. */
                id: string;
                intake_link: null | components["schemas"]["IntakeLink"];
                outcome: null | components["schemas"]["CaseOutcome"];
                /** @description Who is to take it. */
                owner_role: components["schemas"]["OwnerRole"];
                owner_user: null | components["schemas"]["PersonRef"];
                /** @description Why it was handed over. */
                reason: components["schemas"]["CaseReason"];
                /** @description Where it stands. */
                state: components["schemas"]["CaseState"];
                /**
                 * Format: int64
                 * @description Grows with every change.
                 */
                version: number;
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_ClaimView: {
            /** @description What is on this page. */
            items: {
                /** @description Since when it counts. */
                effective_from: string;
                /** @description Stable. */
                id: string;
                /** @description What is known. */
                known: string;
                /** @description The wrong statement. */
                myth: string;
                /** @description When somebody last read it all through. */
                reviewed_on: string;
                /** @description How people say it in English. */
                says_en: string[];
                /** @description How people say it in Spanish. */
                says_es: string[];
                /** @description Where that stands. */
                sources: components["schemas"]["ClaimSource"][];
                /** @description The topic. */
                topic: string;
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_CorrectionView: {
            /** @description What is on this page. */
            items: {
                /** @description What was said. */
                act: components["schemas"]["CorrectionAct"];
                /** @description When. */
                at: components["schemas"]["Instant"];
                /** @description Who. */
                by: components["schemas"]["Corrector"];
                /** @description Its conversation. */
                conversation_id: string;
                /** @description It is about the text as it is now, and not about one that its author changed since. */
                counts: boolean;
                /** @description Its id. */
                id: string;
                /** @description The kind of label. */
                kind: components["schemas"]["LabelKind"];
                /** @description Which models and lists had read it; `person` where a person had set it. */
                made_by: string;
                /** @description The message. */
                message_id: string;
                /** @description Why. */
                note: string | null;
                /**
                 * Format: int32
                 * @description And after.
                 */
                rank_after: number;
                /**
                 * Format: int32
                 * @description The rank of the message before.
                 */
                rank_before: number;
                says: null | components["schemas"]["LabelView"];
                /**
                 * Format: double
                 * @description The score that was shown with it; null where a person had set it.
                 */
                score: number | null;
                shown: null | components["schemas"]["LabelView"];
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_DeadLetter: {
            /** @description What is on this page. */
            items: {
                /** @description Of which account. */
                account_id: string;
                /**
                 * Format: int64
                 * @description How often it was tried.
                 */
                attempts: number;
                /** @description The raw item. */
                id: string;
                /** @description Its id on the network. */
                native_id: string;
                /** @description What is wrong and where, never what stands there. */
                reason: string | null;
                /** @description When it came. */
                received_at: components["schemas"]["Instant"];
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_DraftView: {
            /** @description What is on this page. */
            items: {
                /** @description The account that would speak. */
                account_id: string;
                /** @description Warnings acknowledged for the text as it stands. */
                acknowledgements: components["schemas"]["AcknowledgementView"][];
                /** @description What second persons said, oldest first. */
                approvals: components["schemas"]["ApprovalView"][];
                /** @description Whether I can send it now. */
                can_send: boolean;
                /** @description The conversation that it answers in; null for a post. */
                conversation_id: string | null;
                /** @description When it was begun. */
                created_at: components["schemas"]["Instant"];
                /** @description Where it would go. */
                destination: components["schemas"]["Destination"];
                /** @description Its id. */
                id: string;
                /** @description The message that it answers. */
                in_reply_to: string | null;
                /** @description What it is to become. */
                kind: components["schemas"]["DraftKind"];
                /** @description The language of the text, a BCP 47 tag. */
                language: string | null;
                /** @description The link that it carries. */
                link: string | null;
                /** @description The files that it carries, in the order in which they are shown. */
                media: components["schemas"]["AttachmentView"][];
                /** @description Whether a second person has to approve it. */
                needs_second_person: boolean;
                outbox: null | components["schemas"]["OutboxView"];
                override: null | components["schemas"]["OverrideView"];
                /** @description Whether it is a prepared text that nobody changed. */
                prepared: boolean;
                /** @description What is in the way. */
                refusals: components["schemas"]["RefusalView"][];
                /** @description The post for which it has other words. */
                revises: string | null;
                /** @description Where it stands. */
                state: components["schemas"]["DraftState"];
                /** @description The text. */
                text: string;
                /** @description The hash that approvals and sending are bound to. */
                text_hash: string;
                /** @description The title of a post. */
                title: string | null;
                /** @description When it last changed. */
                updated_at: components["schemas"]["Instant"];
                verdict: null | components["schemas"]["VerdictView"];
                /**
                 * Format: int64
                 * @description For `If-Match`.
                 */
                version: number;
                /** @description Who could read it. */
                visibility: components["schemas"]["Visibility"];
                /** @description Everybody who wrote in it. */
                writers: components["schemas"]["PersonRef"][];
                /** @description Who wrote it last. */
                written_by: components["schemas"]["PersonRef"];
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_GuardRule: {
            /** @description What is on this page. */
            items: {
                /** @description What it rests on. */
                citation: string;
                /** @description On both sides. */
                examples: components["schemas"]["RuleExamples"];
                /** @description `B1`, `W3`, … */
                id: string;
                /** @description First day in force. */
                in_force_from: string | null;
                /** @description Last day in force; null while it has not ended. */
                in_force_to: string | null;
                /** @description What to say or do instead. */
                instead: string;
                /** @description Whether a privacy officer may let a text pass all the same. */
                overridable: boolean;
                /** @description When a person last read it through. */
                reviewed: string | null;
                /** @description Whether it warns or blocks. */
                severity: components["schemas"]["GuardDecision"];
                /** @description Why this must not be said. */
                text: string;
                /** @description A few words. */
                title: string;
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_Import: {
            /** @description What is on this page. */
            items: {
                /**
                 * Format: int64
                 * @description Rows taken in.
                 */
                accepted: number;
                /** @description Into which account. */
                account_id: string;
                /** @description Which column is what. */
                columns: components["schemas"]["ImportColumns"];
                /** @description When it was begun. */
                created_at: components["schemas"]["Instant"];
                /**
                 * Format: int64
                 * @description How much of it is done.
                 */
                done_bytes: number;
                /** @description What stopped it. */
                error: string | null;
                /** @description Its id. */
                id: string;
                /**
                 * Format: int64
                 * @description Rows that were there already.
                 */
                known: number;
                /** @description The file's name. */
                name: string;
                /**
                 * Format: int64
                 * @description Rows refused; see `rejected`.
                 */
                rejected: number;
                /** @description `running`, `done`, `failed` or `paused`. */
                state: string;
                /**
                 * Format: int64
                 * @description The file's size.
                 */
                total_bytes: number;
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_Media: {
            /** @description What is on this page. */
            items: {
                /** @description The text for people who do not see it. */
                alt: string | null;
                /**
                 * Format: int64
                 * @description Its size in bytes.
                 */
                bytes: number;
                /** @description When it was brought. */
                created_at: components["schemas"]["Instant"];
                /**
                 * Format: int64
                 * @description Height in pixels, where known.
                 */
                height: number | null;
                /** @description Its id. */
                id: string;
                /** @description What sort of file it is. */
                kind: components["schemas"]["MediaKind"];
                /** @description The media type, as its bytes say. */
                mime: string;
                /**
                 * Format: int64
                 * @description Width in pixels, where known.
                 */
                width: number | null;
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_NetworkShape: {
            /** @description What is on this page. */
            items: {
                /** @description What the network lets us do. */
                capabilities: string[];
                /** @description Where its API is; null where each account has an address of its own. */
                home: string | null;
                /** @description Its limits, with their day and source. */
                limits: components["schemas"]["Limits"];
                /** @description Its stable name. */
                name: string;
                /** @description What is asked for when an account is authorised. */
                permissions: components["schemas"]["PermissionShape"][];
                /** @description Bedside registers itself with a server of this network: a person names the server and nothing else. */
                registers_by_itself: boolean;
                /** @description What can be read of an account. */
                sources: string[];
                /** @description Its name as people say it. */
                title: string;
                /** @description What it does with the title of a post: `needed`, `sometimes` (on a link, a video or a document), `unseen`. */
                titles: string;
                /**
                 * @description How an account is connected, the way to offer first: `open`, `password`, `token`,
                 *     `authorisation`, `oauth1`.
                 */
                ways: string[];
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_OutboxView: {
            /** @description What is on this page. */
            items: {
                /** @description Through which account; null for an alert. */
                account_id: string | null;
                /** @description For which alert. */
                alert_id: string | null;
                /** @description Oldest first. */
                attempts: components["schemas"]["AttemptView"][];
                /** @description For which conversation. */
                conversation_id: string | null;
                /** @description When it was made. */
                created_at: components["schemas"]["Instant"];
                /** @description Of which draft. */
                draft_id: string | null;
                /** @description When it was to leave. */
                due_at: components["schemas"]["Instant"];
                /** @description Its id. */
                id: string;
                /** @description What. */
                kind: components["schemas"]["OutboxKind"];
                /** @description Which own message it changes. */
                message_id: string | null;
                /** @description The network's id of what was made. */
                native_id: string | null;
                /** @description Whether somebody has to decide. */
                needs_human: boolean;
                next_at: null | components["schemas"]["Instant"];
                /** @description Where it stands there. */
                permalink: string | null;
                /** @description Where it stands. */
                state: components["schemas"]["OutboxState"];
                /** @description The verdict without which it could not leave. */
                verdict_id: string;
                /**
                 * Format: int64
                 * @description Grows with every change.
                 */
                version: number;
                /** @description Why it stands where it stands. */
                why: string | null;
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_PreparedText: {
            /** @description What is on this page. */
            items: {
                /** @description The class of message that it answers. */
                class: string;
                /** @description Its id. */
                id: string;
                /** @description BCP 47. */
                language: string;
                /** @description The text, ready to be sent. */
                text: string;
                /** @description What it is for. */
                title: string;
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_QueueItem: {
            /** @description What is on this page. */
            items: {
                /** @description The account that heard it. */
                account_id: string;
                alert: null | components["schemas"]["AlertRef"];
                assigned_to: null | components["schemas"]["PersonRef"];
                /** @description Who began it. */
                author: components["schemas"]["AuthorRef"];
                /** @description Suicide is the topic. */
                c0: boolean;
                /** @description Its clock. */
                clock: components["schemas"]["ClockView"];
                due_at: null | components["schemas"]["Instant"];
                /** @description Its first words. */
                excerpt: string;
                /** @description When its first message was written. */
                first_message_at: components["schemas"]["Instant"];
                /** @description The conversation. */
                id: string;
                /** @description Its labels. */
                labels: components["schemas"]["Labels"];
                /** @description BCP 47; `und` where it cannot be told. */
                language: string;
                /** @description When its newest message was written. */
                last_message_at: components["schemas"]["Instant"];
                /** @description The language has no crisis rules: a person must read it. */
                needs_reader: boolean;
                /** @description That account's network. */
                network: string;
                outcome: null | components["schemas"]["ConversationOutcome"];
                /** @description Why it ended so. */
                outcome_reason: string | null;
                /** @description What it is about there: the title of a post, a site. */
                place: string;
                /** @description Where that is. */
                place_url: string | null;
                /**
                 * Format: int32
                 * @description Rank, 0 first.
                 */
                priority: number;
                /**
                 * Format: double
                 * @description Stars.
                 */
                rating: number | null;
                snoozed_until: null | components["schemas"]["Instant"];
                /** @description Where it stands. */
                state: components["schemas"]["ConversationState"];
                /**
                 * Format: int64
                 * @description Grows with every change.
                 */
                version: number;
                /** @description Who can read it. */
                visibility: components["schemas"]["Visibility"];
                /**
                 * Format: int64
                 * @description Unanswered messages.
                 */
                waiting: number;
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_Registration: {
            /** @description What is on this page. */
            items: {
                /** @description The root of the network's API. */
                base_url: string;
                /** @description The client id that the network gave. */
                client_id: string;
                /** @description Settings such as `api_version`. */
                config: Record<string, never>;
                /** @description When it was added. */
                created_at: components["schemas"]["Instant"];
                /** @description A secret is stored. */
                has_secret: boolean;
                /** @description Its id. */
                id: string;
                /** @description What the team calls it. */
                name: string;
                /** @description The network. */
                network: string;
                /**
                 * Format: int64
                 * @description For `If-Match`.
                 */
                version: number;
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_Source: {
            /** @description What is on this page. */
            items: {
                /** @description The account. */
                account_id: string;
                /** @description What the last failure was. */
                error: string | null;
                /**
                 * Format: int64
                 * @description Failures in a row.
                 */
                failures: number;
                /** @description Its id. */
                id: string;
                /**
                 * Format: int64
                 * @description Seconds between two polls.
                 */
                interval_seconds: number;
                /** @description What is read, as the network names it: `comments`, `feed`, `reviews`, … */
                kind: string;
                last_item_at: null | components["schemas"]["Instant"];
                last_ok_at: null | components["schemas"]["Instant"];
                last_polled_at: null | components["schemas"]["Instant"];
                /** @description What the team calls it. */
                name: string;
                /** @description When it is read next. */
                next_poll_at: components["schemas"]["Instant"];
                /**
                 * Format: int64
                 * @description The normal time between two items.
                 */
                normal_gap_seconds: number | null;
                /**
                 * Format: int64
                 * @description How long nothing has come.
                 */
                silence_seconds: number | null;
                /** @description How it does. `silent`: read without an error, but nothing has come for much longer than is normal. */
                state: "ok" | "silent" | "failing" | "paused";
                /** @description Its address. */
                url: string;
                /**
                 * Format: int64
                 * @description For `If-Match`.
                 */
                version: number;
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_User: {
            /** @description What is on this page. */
            items: {
                /** @description Whether they may sign in. Users are never deleted: the log names them. */
                active: boolean;
                /** @description When they were added. */
                created_at: components["schemas"]["Instant"];
                /** @description The address to sign in with. */
                email: string;
                /** @description Their id. */
                id: string;
                /** @description The name that colleagues see. */
                name: string;
                /** @description What they may do. */
                roles: components["schemas"]["Role"][];
                /**
                 * Format: int64
                 * @description For `If-Match`.
                 */
                version: number;
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_WatchHit: {
            /** @description What is on this page. */
            items: {
                /** @description Where it ends. */
                end: number;
                /** @description Where it begins, in bytes of UTF-8. */
                start: number;
                /** @description The term. */
                term: string;
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One page of a list. */
        Page_WatchTerm: {
            /** @description What is on this page. */
            items: {
                /** @description When it was added. */
                created_at: components["schemas"]["Instant"];
                /** @description Its id. */
                id: string;
                /** @description `name`, `site`, `doctor`, `campaign`, `misspelling` or `other`. */
                kind: string;
                /** @description The word or phrase. */
                term: string;
                /** @description Where one of these stands in a text, the term does not count. */
                unless: string[];
            }[];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @enum {string} */
        Part: "title" | "text" | "link" | "alt";
        /** @description A permission that is asked for. */
        PermissionShape: {
            /** @description The network's own name of it. */
            scope: string;
            /** @description What Bedside does with it. */
            what_for: string;
        };
        /** @description A colleague. */
        Person: {
            /** @description Their id. */
            id: string;
            /** @description Their name. */
            name: string;
        };
        /** @description A colleague. */
        PersonRef: {
            /** @description The user. */
            id: string;
            /** @description The name that colleagues see. */
            name: string;
        };
        /** @description The author of conversations: what a network shows of them, and what they wrote here. */
        PersonView: {
            /** @description The conversations that they began, newest first. */
            conversations: components["schemas"]["QueueItem"][];
            /** @description The name shown there. */
            display_name: string;
            /** @description When the first came. */
            first_seen_at: components["schemas"]["Instant"];
            /** @description The handle there. */
            handle: string | null;
            /** @description Who. */
            id: string;
            /** @description When the last came. */
            last_seen_at: components["schemas"]["Instant"];
            /** @description On which network. */
            network: string;
            /**
             * Format: int64
             * @description Notes in those.
             */
            notes_count: number;
            /**
             * Format: int64
             * @description Messages seen of them.
             */
            times: number;
            /** @description The profile there. */
            url: string | null;
        };
        /** @description What needs a second person. */
        Policy: {
            /** @description Answers to messages of these priorities. */
            second_person_priorities: number[];
        };
        /** @description A prepared text. */
        PreparedText: {
            /** @description The class of message that it answers. */
            class: string;
            /** @description Its id. */
            id: string;
            /** @description BCP 47. */
            language: string;
            /** @description The text, ready to be sent. */
            text: string;
            /** @description What it is for. */
            title: string;
        };
        /** @description What I do there. */
        Presence: {
            /** @description I am writing an answer. */
            writing?: boolean;
        };
        /** @description Somebody else who looks at the same conversation. */
        Present: {
            /** @description Their name. */
            name: string;
            /** @description Who. */
            user_id: string;
            /** @description Whether they write. */
            writing: boolean;
        };
        /** @description A form with a file to look at. */
        PreviewForm: {
            /**
             * Format: binary
             * @description The file, or its first 64 KiB.
             */
            file: string;
        };
        /** @description An error as it is sent (RFC 9457). */
        Problem: {
            /** @description The stable code. */
            code: string;
            /** @description What to do, for a person. */
            detail: string;
            /** @description What is wrong with single fields. */
            fields?: components["schemas"]["FieldProblem"][];
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description The kind in words. */
            title: string;
            /**
             * @description An address that names the kind of problem.
             * @example https://bedside.example/problems/not_found
             */
            type: string;
            /** @description Where the guard refused: its verdict. */
            verdict?: Record<string, never> | null;
        };
        /** @description A row of the queue. */
        QueueItem: {
            /** @description The account that heard it. */
            account_id: string;
            alert: null | components["schemas"]["AlertRef"];
            assigned_to: null | components["schemas"]["PersonRef"];
            /** @description Who began it. */
            author: components["schemas"]["AuthorRef"];
            /** @description Suicide is the topic. */
            c0: boolean;
            /** @description Its clock. */
            clock: components["schemas"]["ClockView"];
            due_at: null | components["schemas"]["Instant"];
            /** @description Its first words. */
            excerpt: string;
            /** @description When its first message was written. */
            first_message_at: components["schemas"]["Instant"];
            /** @description The conversation. */
            id: string;
            /** @description Its labels. */
            labels: components["schemas"]["Labels"];
            /** @description BCP 47; `und` where it cannot be told. */
            language: string;
            /** @description When its newest message was written. */
            last_message_at: components["schemas"]["Instant"];
            /** @description The language has no crisis rules: a person must read it. */
            needs_reader: boolean;
            /** @description That account's network. */
            network: string;
            outcome: null | components["schemas"]["ConversationOutcome"];
            /** @description Why it ended so. */
            outcome_reason: string | null;
            /** @description What it is about there: the title of a post, a site. */
            place: string;
            /** @description Where that is. */
            place_url: string | null;
            /**
             * Format: int32
             * @description Rank, 0 first.
             */
            priority: number;
            /**
             * Format: double
             * @description Stars.
             */
            rating: number | null;
            snoozed_until: null | components["schemas"]["Instant"];
            /** @description Where it stands. */
            state: components["schemas"]["ConversationState"];
            /**
             * Format: int64
             * @description Grows with every change.
             */
            version: number;
            /** @description Who can read it. */
            visibility: components["schemas"]["Visibility"];
            /**
             * Format: int64
             * @description Unanswered messages.
             */
            waiting: number;
        };
        Range: [
            string,
            string
        ];
        /** @description One step of the place: a label, and the rank that it alone would give. */
        RankStep: {
            /** @description What lowered or raised the level. */
            because: string[];
            /** @description This step decided the rank. */
            decides: boolean;
            /** @description The words that decided it. */
            evidence: components["schemas"]["Span"][];
            /** @description `risk`, `topic_mark`, `needs_reader`, `intent`, `unlabelled`, `held`. */
            kind: string;
            /** @description The risk or intent. */
            label: string | null;
            /** @description The level of a risk. */
            level: string | null;
            /**
             * Format: int32
             * @description The rank that this label alone would give; null where it is a mark without a rank.
             */
            rank: number | null;
            /**
             * Format: double
             * @description Probability; null where a person set the label.
             */
            score: number | null;
            /** @description In words. */
            sentence: string;
            set_by: null | components["schemas"]["Corrector"];
        };
        /** @description How hard a text is to read. */
        Readability: {
            /**
             * Format: double
             * @description Flesch-Kincaid grade; null for a short text.
             */
            fk_grade: number | null;
            /** @description Hard words. */
            hard_words: components["schemas"]["HardWord"][];
            /** @description Words in the longest sentence. */
            longest_sentence: number;
            /** @description Sentences. */
            sentences: number;
            /** @description Too short for a grade. */
            short_text: boolean;
            /**
             * Format: double
             * @description SMOG grade; null for a short text.
             */
            smog: number | null;
            /** @description Words. */
            words: number;
            /**
             * Format: double
             * @description Words per sentence.
             */
            words_per_sentence: number;
        };
        /** @description Why a text should pass, or why it may. */
        Reason: {
            /** @description Why. */
            reason: string;
        };
        /** @description One thing in the way of sending. */
        RefusalView: {
            /** @description The stable code. */
            code: string;
            /** @description What to do. */
            sentence: string;
        };
        /** @description A registration with a network. */
        Registration: {
            /** @description The root of the network's API. */
            base_url: string;
            /** @description The client id that the network gave. */
            client_id: string;
            /** @description Settings such as `api_version`. */
            config: Record<string, never>;
            /** @description When it was added. */
            created_at: components["schemas"]["Instant"];
            /** @description A secret is stored. */
            has_secret: boolean;
            /** @description Its id. */
            id: string;
            /** @description What the team calls it. */
            name: string;
            /** @description The network. */
            network: string;
            /**
             * Format: int64
             * @description For `If-Match`.
             */
            version: number;
        };
        /** @description How many items were let go. */
        Released: {
            /** @description How many. */
            released: number;
        };
        /** @description How it ended. */
        Resolve: {
            /** @description The outcome. */
            outcome: components["schemas"]["ConversationOutcome"];
            /** @description Why; needed unless it was answered here. */
            reason?: string | null;
        };
        /** @description Other words for a post. */
        Revise: {
            /** @description The new text. */
            text: string;
        };
        /** @description A risk with the words that decided it. */
        Risk: {
            /** @description What lowered or raised the level. */
            because?: string[] | null;
            /** @description The words that decided it. */
            evidence: number[][];
            /** @description For an adverse event: which elements of a case report are present. */
            icsr?: Record<string, never> | null;
            /** @description Which. */
            label: string;
            /** @description `C0`-`C3`, `now`, `past`, `possible`. */
            level: string;
            /**
             * Format: double
             * @description Probability.
             */
            score: number;
        };
        /** @enum {string} */
        Role: "responder" | "author" | "clinical_reviewer" | "privacy_officer" | "on_call" | "manager" | "administrator" | "auditor";
        /** @description Which roles may do what. */
        RoleMatrix: {
            /** @description All actions. */
            actions: components["schemas"]["MatrixAction"][];
            /** @description All roles. */
            roles: components["schemas"]["Role"][];
        };
        /** @description One place of the on-call chain. */
        RotaStep: {
            /** @description Over what. */
            channels: components["schemas"]["Channel"][];
            /** @description Who. */
            user_id: string;
        };
        /** @description Texts on both sides of a rule. */
        RuleExamples: {
            /** @description Texts in which it finds nothing. */
            allowed: string[];
            /** @description Texts in which it finds something. */
            blocked: string[];
        };
        /** @description What a test of a connection found. */
        SelfTest: {
            /** @description One by one. */
            checks: components["schemas"]["SelfTestCheck"][];
            /** @description Everything that the account needs works. */
            ok: boolean;
        };
        /** @description One thing that was looked at. */
        SelfTestCheck: {
            /** @description What was found, or what to mend. */
            detail: string;
            /** @description `connect`, `read` or `write`. */
            name: string;
            /** @description It works. */
            ok: boolean;
        };
        /** @description The text that is to go out. */
        Send: {
            at?: null | components["schemas"]["Instant"];
            /** @description The hash of what was seen. */
            text_hash: string;
        };
        /** @description Sentiment with the words that decided it. */
        Sentiment: {
            /** @description The words that decided it. */
            evidence: number[][];
            /** @description `very_positive` … `very_negative`. */
            label: string;
            /**
             * Format: double
             * @description Probability of the three-point label.
             */
            score: number;
            /** @description `positive`, `neutral`, `negative`. */
            three: string;
        };
        /** @description What was made. */
        SetUp: {
            /** @description The organisation. */
            organisation: components["schemas"]["MyOrganisation"];
            /** @description The administrator. */
            user: components["schemas"]["MyUser"];
        };
        /** @description The first run. */
        Setup: {
            organisation: components["schemas"]["SetupOrganisation"];
            user: components["schemas"]["SetupUser"];
        };
        /** @description The organisation. */
        SetupOrganisation: {
            /** @description ISO 3166-1 alpha-2. */
            country: string;
            hours?: null | components["schemas"]["Hours"];
            /** @description What it is. */
            kind: components["schemas"]["OrganisationKind"];
            /** @description BCP 47 tag of the language it writes in. */
            language: string;
            /** @description Its public name. */
            name: string;
            /** @description IANA time zone. */
            zone: string;
        };
        /** @description Whether the first run is still to be done. */
        SetupState: {
            /** @description It is. */
            needed: boolean;
        };
        /** @description Its administrator, who gets every role. */
        SetupUser: {
            /** @description The address to sign in with. */
            email: string;
            /** @description The name that colleagues see. */
            name: string;
            /**
             * Format: password
             * @description At least 12 characters.
             */
            password: string;
        };
        /** @description Who signs in. */
        SignIn: {
            /** @description The address. */
            email: string;
            /**
             * Format: password
             * @description The password.
             */
            password: string;
        };
        /** @description A safe text to begin with. */
        Skeleton: {
            /** @description The contacts of the account that stand in it. */
            contacts: string[];
            /** @description BCP 47. */
            language: string;
            /** @description The account has no contact at all: it should get one. */
            needs_contact: boolean;
            /** @description The text; null where the guard would stop each that there is. */
            text: string | null;
        };
        /** @description The mail server for alerts. */
        Smtp: {
            /** @description Sender's address. */
            from: string;
            /** @description Host name. */
            host: string;
            /** @description A password is stored. */
            password_set: boolean;
            /**
             * Format: int32
             * @description Port.
             */
            port: number;
            /** @description Encryption. */
            tls: components["schemas"]["SmtpTls"];
            /** @description User name, where the server asks for one. */
            username: string | null;
        };
        /** @enum {string} */
        SmtpTls: "none" | "starttls" | "tls";
        /** @description Until when it is to be out of the queue. */
        Snooze: {
            /** @description When it comes back. */
            until: components["schemas"]["Instant"];
        };
        /** @description One thing that is read within an account. */
        Source: {
            /** @description The account. */
            account_id: string;
            /** @description What the last failure was. */
            error: string | null;
            /**
             * Format: int64
             * @description Failures in a row.
             */
            failures: number;
            /** @description Its id. */
            id: string;
            /**
             * Format: int64
             * @description Seconds between two polls.
             */
            interval_seconds: number;
            /** @description What is read, as the network names it: `comments`, `feed`, `reviews`, … */
            kind: string;
            last_item_at: null | components["schemas"]["Instant"];
            last_ok_at: null | components["schemas"]["Instant"];
            last_polled_at: null | components["schemas"]["Instant"];
            /** @description What the team calls it. */
            name: string;
            /** @description When it is read next. */
            next_poll_at: components["schemas"]["Instant"];
            /**
             * Format: int64
             * @description The normal time between two items.
             */
            normal_gap_seconds: number | null;
            /**
             * Format: int64
             * @description How long nothing has come.
             */
            silence_seconds: number | null;
            /** @description How it does. `silent`: read without an error, but nothing has come for much longer than is normal. */
            state: "ok" | "silent" | "failing" | "paused";
            /** @description Its address. */
            url: string;
            /**
             * Format: int64
             * @description For `If-Match`.
             */
            version: number;
        };
        /** @description How one source does. */
        SourceHealth: {
            /** @description Which. */
            id: string;
            /** @description What the team calls it. */
            name: string;
            /** @description `ok`, `silent`, `failing` or `paused`. */
            state: string;
        };
        Span: [
            number,
            number
        ];
        /** @enum {string} */
        Standing: "visible" | "held" | "hidden" | "removed" | "spam";
        /** @description How a reply is taken back. */
        TakeBack: {
            /** @enum {string} */
            how: "delete";
        } | {
            /** @enum {string} */
            how: "edit";
            /** @description The new text. */
            text: string;
        };
        /** @description A theme with the words that decided it. */
        Theme: {
            /** @description The category. */
            category: string;
            /** @description The words that decided it. */
            evidence: number[][];
            /** @description The subcategory. */
            label: string;
            /**
             * Format: double
             * @description Probability.
             */
            score: number;
        };
        /** @description An entry of the timeline. */
        TimelineEntry: {
            /** @description Who. */
            actor: components["schemas"]["ActorRef"];
            /** @description When. */
            at: components["schemas"]["Instant"];
            /** @description Codes and ids that go with it. */
            detail: Record<string, never>;
            /** @description Its id. */
            id: string;
            /** @description What happened. */
            kind: string;
        };
        /** @description A text to try the terms on. */
        TryWatchTerms: {
            /** @description The text. */
            text: string;
        };
        /** @description A text to try. */
        Understand: {
            /** @description What it would be there. */
            kind?: string | null;
            /** @description The network that it would come from. */
            network?: string | null;
            /**
             * Format: double
             * @description Stars that would go with it.
             */
            rating?: number | null;
            /** @description The text. */
            text: string;
        };
        /** @description A person who works with Bedside. */
        User: {
            /** @description Whether they may sign in. Users are never deleted: the log names them. */
            active: boolean;
            /** @description When they were added. */
            created_at: components["schemas"]["Instant"];
            /** @description The address to sign in with. */
            email: string;
            /** @description Their id. */
            id: string;
            /** @description The name that colleagues see. */
            name: string;
            /** @description What they may do. */
            roles: components["schemas"]["Role"][];
            /**
             * Format: int64
             * @description For `If-Match`.
             */
            version: number;
        };
        /** @description What the guard says. */
        VerdictView: {
            /** @description In the order of the text. */
            findings: components["schemas"]["FindingView"][];
            /** @description The stored verdict; null where nothing was stored. */
            id: string | null;
            readability: null | components["schemas"]["Readability"];
            /** @description The worst of the findings. */
            verdict: components["schemas"]["GuardDecision"];
        };
        /** @enum {string} */
        Visibility: "public" | "unlisted" | "private";
        /** @description A term that stands in a text. */
        WatchHit: {
            /** @description Where it ends. */
            end: number;
            /** @description Where it begins, in bytes of UTF-8. */
            start: number;
            /** @description The term. */
            term: string;
        };
        /** @description A watch term. */
        WatchTerm: {
            /** @description When it was added. */
            created_at: components["schemas"]["Instant"];
            /** @description Its id. */
            id: string;
            /** @description `name`, `site`, `doctor`, `campaign`, `misspelling` or `other`. */
            kind: string;
            /** @description The word or phrase. */
            term: string;
            /** @description Where one of these stands in a text, the term does not count. */
            unless: string[];
        };
        /** @description The outgoing webhook for alerts. */
        Webhook: {
            /** @description A signing secret is stored. */
            secret_set: boolean;
            /** @description Where alerts are posted. */
            url: string;
        };
        /** @description Opening times of a week. */
        Week: {
            /** @description Friday. */
            fri: components["schemas"]["Range"][];
            /** @description Monday. */
            mon: components["schemas"]["Range"][];
            /** @description Saturday. */
            sat: components["schemas"]["Range"][];
            /** @description Sunday. */
            sun: components["schemas"]["Range"][];
            /** @description Thursday. */
            thu: components["schemas"]["Range"][];
            /** @description Tuesday. */
            tue: components["schemas"]["Range"][];
            /** @description Wednesday. */
            wed: components["schemas"]["Range"][];
        };
        /** @description Why a conversation stands where it stands, step by step. */
        WhyPage: {
            /**
             * Format: int64
             * @description How many open conversations stand before it; null where it is not open.
             */
            ahead: number | null;
            /** @description The clock of its rank; within a rank the earlier due comes first. */
            clock: components["schemas"]["ClockView"];
            /** @description As in the queue. */
            conversation: components["schemas"]["QueueItem"];
            /** @description Whether an urgent text of this message holds it in its place though its author changed it since. */
            held: boolean;
            message: null | components["schemas"]["MessageView"];
            /** @description Further messages that wait here, with their ranks. */
            others_waiting: components["schemas"]["OtherWaiting"][];
            /** @description All reasons in one text. */
            sentence: string;
            /** @description Each label with the rank that it alone would give; the first is the one that decided. */
            steps: components["schemas"]["RankStep"][];
        };
        /** @description One reason for a place in the queue. */
        WhyPart: {
            /** @description Which kind of reason. */
            kind: string;
            /** @description The risk or intent. */
            label: string | null;
            /** @description The level of a risk. */
            level: string | null;
            /** @description In words. */
            sentence: string;
        };
        /** @description Why a conversation stands where it stands. */
        WhyView: {
            /** @description The strongest first. */
            parts: components["schemas"]["WhyPart"][];
            /** @description All reasons in one text. */
            sentence: string;
        };
        /** @description The database's writer. */
        WriterHealth: {
            /** @description Writes that wait. */
            waiting: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    accounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Account"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_account: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Connect"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    account: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description For If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_account: {
        parameters: {
            query?: never;
            header: {
                /** @description The version that was seen. */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_account: {
        parameters: {
            query?: never;
            header: {
                /** @description The version that was changed. */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeAccount"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description For If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    figures: {
        parameters: {
            query?: {
                /** @description How many days back, today among them; 28 where absent, at most 366. */
                days?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Figures"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    self_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SelfTest"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    alerts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Alert"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acknowledge_alert: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alert"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit: {
        parameters: {
            query?: {
                /** @description Of this user or part of the system. */
                actor?: string;
                /** @description Of this code. */
                action?: string;
                /** @description On this thing. */
                object?: string;
                /** @description From this instant on. */
                from?: string;
                /** @description Before this instant. */
                to?: string;
                /** @description How many, 1 to 200; 50 where absent. */
                limit?: number;
                /** @description `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AuditEntry"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_state: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditState"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verify_audit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditState"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    begin_authorisation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BeginAuthorisation"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuthorisationBegun"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    return_authorisation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuthorisationReturn"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuthorisationGranted"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    authorisation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuthorisationGranted"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    connect_authorised: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChooseAccount"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases: {
        parameters: {
            query?: {
                /** @description Only those that stand here. */
                state?: string;
                /** @description How many, 1 to 200; 50 where absent. */
                limit?: number;
                /** @description `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_CaseView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    case: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The case */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accept_case: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The case */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    close_case: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The case */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CloseCase"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_intake: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The case */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntakeView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    new_intake_link: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The case */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    claims: {
        parameters: {
            query?: {
                /** @description Words that all occur in the claim, in what is known, in its wordings or its sources; in any case and order. */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ClaimView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    conversations: {
        parameters: {
            query?: {
                /** @description `open` (where absent), `snoozed`, `resolved`, `all`. */
                state?: string;
                /** @description `me`, `nobody`, or a user's id. */
                assigned?: string;
                /** @description Only this account. */
                account?: string;
                /** @description No rank behind this one. */
                priority_max?: number;
                /** @description Words that occur in a message. */
                q?: string;
                /** @description How many, 1 to 200; 50 where absent. */
                limit?: number;
                /** @description `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the queue */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_QueueItem"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    counts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Counts"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The conversation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    assign: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Assign"];
            };
        };
        responses: {
            /** @description The conversation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueItem"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_draft: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewReply"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    hand_over: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandOver"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_note: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewNote"];
            };
        };
        responses: {
            /** @description The note */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    presence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Presence"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Others"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reopen: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The conversation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueItem"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resolve: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Resolve"];
            };
        };
        responses: {
            /** @description The conversation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueItem"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    snooze: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Snooze"];
            };
        };
        responses: {
            /** @description The conversation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueItem"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    why: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The steps */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhyPage"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    corrections: {
        parameters: {
            query?: {
                /** @description Of labels of this kind. */
                kind?: components["schemas"]["LabelKind"];
                /** @description In which this label was shown or said. */
                label?: string;
                /** @description How many, 1 to 200; 50 where absent. */
                limit?: number;
                /** @description `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_CorrectionView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    agreement: {
        parameters: {
            query?: {
                /** @description The last so many days; 90 where absent. */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agreement"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_corrections: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    dead_letters: {
        parameters: {
            query?: {
                /** @description How many, 1 to 200; 50 where absent. */
                limit?: number;
                /** @description `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_DeadLetter"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retry_dead_letter: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is read again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The draft */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_draft: {
        parameters: {
            query?: never;
            header: {
                /** @description The version that was changed */
                "If-Match": string;
            };
            path: {
                /** @description The draft */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeDraft"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acknowledge_warnings: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The draft */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Acknowledge"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approve_draft: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The draft */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Judgement"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    discard_draft: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The draft */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    grant_override: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The draft */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reject_draft: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The draft */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Judgement"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    request_override: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The draft */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    send_draft: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The draft */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Send"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboxView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submit_draft: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The draft */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    check_text: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Check"];
            };
        };
        responses: {
            /** @description The verdict */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerdictView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    guard_rules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_GuardRule"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    skeleton: {
        parameters: {
            query: {
                /** @description The conversation that is answered. */
                conversation_id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Skeleton"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    imports: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Import"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    begin_import: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["ImportForm"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview_import: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["PreviewForm"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportPreview"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    import: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rejected_rows: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            /** @description Changed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    media: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Media"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_media: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["MediaForm"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Media"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_media: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    describe_media: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DescribeMedia"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Media"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    media_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    correct_label: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The message */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Correct"];
            };
        };
        responses: {
            /** @description The correction */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CorrectionView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    moderate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The message */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Moderate"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboxView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    take_back: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The own reply */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TakeBack"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboxView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    networks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_NetworkShape"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    outbox: {
        parameters: {
            query?: {
                /** @description Only those that stand here. */
                state?: string;
                /** @description How many, 1 to 200; 50 where absent. */
                limit?: number;
                /** @description `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_OutboxView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    release_outbox: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Released"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    outbox_item: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The item */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboxView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decide_outbox_item: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The item */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Decide"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboxView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reconcile_outbox_item: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The item */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboxView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    person: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The author */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The author */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    posts: {
        parameters: {
            query?: {
                /** @description How many, 1 to 200; 50 where absent. */
                limit?: number;
                /** @description `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_DraftView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPost"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The post */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    captions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The post */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_CaptionsView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_captions: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The post */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCaptions"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboxView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revise_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The post */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Revise"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    take_back_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The post */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboxView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The post */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_DraftView"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prepared_texts: {
        parameters: {
            query: {
                /** @description The conversation that is answered. */
                conversation_id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_PreparedText"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    registrations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Registration"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_registration: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddRegistration"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Registration"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_registration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_registration: {
        parameters: {
            query?: never;
            header: {
                /** @description The version that was changed. */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeRegistration"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Registration"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleMatrix"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description For If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AllSettings"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_settings: {
        parameters: {
            query?: never;
            header: {
                /** @description The version that was changed. */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeSettings"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description For If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AllSettings"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setup_state: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupState"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Setup"];
            };
        };
        responses: {
            /** @description Set up; the cookie signs in. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetUp"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sources: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Source"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_source: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddSource"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_source: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version that was changed. */
                "If-Match"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeSource"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    poll_source: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is due at once; the live pages tell what came. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stream: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent by the browser when it reconnects. */
                "Last-Event-ID"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    understand: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Understand"];
            };
        };
        responses: {
            /** @description What is said about the text */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Assessment"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users: {
        parameters: {
            query?: {
                /** @description How many, 1 to 200; 50 where absent. */
                limit?: number;
                /** @description `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_User"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_user: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddUser"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_user: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version that was changed. */
                "If-Match"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeUser"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    watch_terms: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_WatchTerm"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_watch_terms: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddWatchTerms"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddedWatchTerms"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    try_watch_terms: {
        parameters: {
            query?: never;
            header?: {
                /** @description Demanded: 1 to 200 characters, the same for each attempt of one decision. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TryWatchTerms"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_WatchHit"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_watch_term: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
