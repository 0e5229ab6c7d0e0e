/**
 * What the interface below /v1/programs sends and takes, as far as this page uses it. Instants are
 * RFC 3339 texts in UTC, money is in the minor unit, rates are in hundredths of a per cent.
 * @module
 */

/**
 * @typedef {object} Code
 * @property {string} id
 * @property {string} code
 * @property {"tracking" | "restricted"} kind
 * @property {"exact" | "regex"} match_type
 * @property {"always" | "involved" | "winner" | null} credit_policy
 * @property {string | null} owner
 * @property {string | null} start_at
 * @property {string | null} end_at
 * @property {string | null} expired_at
 * @property {string | null} time_zone
 * @property {string | null} deal
 * @property {number | null} max_redemptions
 * @property {number | null} max_redemptions_per_customer
 * @property {boolean} public
 * @property {string | null} comments
 * @property {string} created_at
 * @property {"pending" | "active" | "expired"} state
 * @property {string | null} upload
 * @property {number} version
 * @property {number} revision
 */

/** @typedef {{ id: string, code: string, owner: string | null, start_at: string | null,
 *    end_at: string | null }} Conflict */
/** @typedef {{ kind: string, path: string, expected: string, got: string,
 *    remedy: string }} Warning */
/** @typedef {{ id: string, name: string | null }} ProgramName null: no catalogue yet */
/** @typedef {{ id: string, promo_codes: boolean }} EventType */

/**
 * @typedef {object} Program
 * @property {string} id
 * @property {string} name
 * @property {string} currency
 * @property {string} time_zone
 * @property {boolean} tracking
 * @property {Record<string, any>} attribution
 * @property {{ separators: boolean, lookalikes: boolean }} folding
 * @property {"collapsed" | "detailed"} public_reasons
 * @property {number} approval_days
 * @property {EventType[]} event_types
 * @property {number} version
 * @property {number} revision
 * @property {Publication} publication
 */

/**
 * @typedef {object} Publication
 * @property {number} revision the newest edit's
 * @property {number | null} live_revision the newest that the edge answers by
 * @property {number | null} generation
 * @property {string | null} manifest
 * @property {number | null} age_ms
 * @property {{ generation: number, by: string, at: string } | null} held
 * @property {{ done: number, total: number, is_awaited: boolean } | null} folding
 * @property {string | null} [trouble] why the last attempt failed
 */

/**
 * @typedef {object} Put
 * @property {number} generation
 * @property {string} at
 * @property {string} by
 * @property {"delta" | "refresh" | "base" | "rollback"} kind
 * @property {string} manifest
 * @property {number} put_count
 * @property {number} size in bytes
 * @property {number} revision
 * @property {boolean} is_kept whether it can come back
 */

/** @typedef {Record<string, any> & { id: string, name: string, version: number }} Deal */
/** @typedef {{ rate_bps?: number | null, amount_minor?: number | null,
 *    currency?: string | null }} Rate */
/** @typedef {{ name: string, when: Record<string, any> }} Restriction */
/** @typedef {Restriction & Rate} PayoutGroup */
/** @typedef {{ groups?: PayoutGroup[], default?: Rate | null,
 *    restrictions?: Restriction[] }} Payout */

/**
 * @typedef {object} Contract
 * @property {string} id
 * @property {string | null} start_at
 * @property {string | null} end_at
 * @property {number | null} referral_window_days
 * @property {string[]} event_types
 * @property {Payout | null} payout
 */

/**
 * @typedef {object} Partner
 * @property {string} id
 * @property {string} name
 * @property {"partner" | "media_source"} kind
 * @property {boolean} active
 * @property {"preferred" | "standard" | "non_preferred"} credit_group
 * @property {Contract[]} contracts
 * @property {number} version
 */

/**
 * @typedef {object} Upload
 * @property {string} id
 * @property {string} name
 * @property {number} size in bytes
 * @property {"checking" | "previewed" | "accepting" | "accepted" | "refused" | "discarded"} state
 * @property {number | null} rows_total
 * @property {number} rows_done
 * @property {number} rows_ok
 * @property {number} rows_bad
 * @property {number} warnings
 * @property {string} by
 * @property {string} at
 * @property {string | null} kept_until
 * @property {string | null} decided_by
 * @property {string | null} accepted_at
 * @property {Warning[]} problems
 * @property {Warning[]} notices
 */

/**
 * @typedef {object} UploadRow
 * @property {number} line
 * @property {string} code
 * @property {"ok" | "warned" | "bad"} outcome
 * @property {Warning[]} complaints whose paths are headers
 * @property {[string, string][]} cells header and value of each column
 */

/**
 * @typedef {object} CodeRequest
 * @property {string} id
 * @property {string} partner
 * @property {string | null} deal
 * @property {string[]} codes
 * @property {string | null} needed_by
 * @property {string | null} note
 * @property {"new" | "approved" | "completed" | "declined"} state
 * @property {string} requested_at
 * @property {string | null} code id of the one that was made for it
 * @property {string | null} answer what the partner is told
 * @property {number} version
 */

export {};
