/**
 * One event type of a platform's documentation, with the smallest body that the documentation allows, and
 * where it belongs. A platform's list of them is its table of who and where: test/<platform>/events.ts
 * exports it as `events`.
 */
export interface DocumentedEvent {
  /** The platform's own name of the type, as in the adapter's `events`. */
  readonly event: string
  /** The page that documents it. */
  readonly docs: string
  /** The JSON body, or the fields of a form. */
  readonly body: object
  /** Headers of the call that say more of the event, such as GitHub's `x-github-event`. */
  readonly headers?: Readonly<Record<string, string>>
  /** `application/x-www-form-urlencoded` if `body` are the fields of a form; JSON otherwise. */
  readonly contentType?: string
  /** What it becomes: one entry an update, none if the platform's event holds nothing. */
  readonly expected: readonly ExpectedPlace[]
}

/** Kind and place of one update; every field is compared, and an absent one must be absent. */
export interface ExpectedPlace {
  readonly kind: string
  readonly conversation: string
  readonly user?: string
  /** Compared whole. */
  readonly route?: Readonly<Record<string, string>>
  readonly fromBot?: true
  /** Compared only if named. */
  readonly text?: string
}
