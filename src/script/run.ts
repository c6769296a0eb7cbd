/** A script that is to run, for whom, and what answers its questions. */
export interface Run {
  /** How it begins and ends: `decision`. */
  readonly kind: string
  readonly name: string
  readonly source: string
  /** JSON of what it is given. */
  readonly input: string
  /** Whose turn it takes: those whose last script did not come to its end have fewer. */
  readonly by: string
  /** Its realm: none has all threads. */
  readonly realm: string
  /** JSON of the answer to a question, for which nobody waits once the run has `ended`. @throws CallRefused */
  readonly answer: (name: string, args: string, ended: AbortSignal) => Promise<string>
  readonly log: (level: string, text: string) => void
}

/** A script was ended, or could not begin. */
export class ScriptFailed extends Error {
  override readonly name = 'ScriptFailed'
}

/** What a script asked for cannot be; the text is for the script, which may catch it. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused'
}

/** A script asked for something that would change or send something, where nothing was to come of it. */
export class ScriptWouldAct extends Error {
  override readonly name = 'ScriptWouldAct'
}
