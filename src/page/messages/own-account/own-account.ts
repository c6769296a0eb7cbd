/** Sentences of the ways in which people look after themselves. */
export interface OwnAccountMessages {
  /** What a link from a letter opens. */
  readonly resume: {
    readonly title: string
    readonly text: string
    readonly button: string
  }
  /** Beside a button, where a journey would send or change something before it asks. */
  readonly begin: string
  /** A link back to the first step, beside what no page can ask. */
  readonly beginAgain: string
  /** A link from a letter that does not serve any more. */
  readonly expired: string
  /** Links below a login, where the realm has journeys for them. */
  readonly links: {
    readonly password: string
    readonly name: string
    readonly account: string
    /** From the account’s own page. */
    readonly email: string
  }
  /** Of an authenticator app that is registered: the picture, and the key for whoever types. */
  readonly picture: string
  readonly key: string
  /** Above codes that are shown once. */
  readonly codes: string
}
