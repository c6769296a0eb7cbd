import type { JsonObject } from '../../base/json.ts'

/** What one run of a script may take at most. What goes beyond ends the run, and nothing else. */
export interface ScriptBounds {
  /** Scripts that run at once, each in a thread of its own. */
  readonly threads: number
  /** Milliseconds that a script may compute. */
  readonly computing: number
  /** Milliseconds from its start to its end, what it waits for among them. */
  readonly whole: number
  /** Milliseconds that one request of its `httpClient` may take. */
  readonly waiting: number
  /** Bytes of its memory, and of its stack. */
  readonly memory: number
  readonly stack: number
  /** How often it may ask something of the server, and characters of each question and answer. */
  readonly calls: number
  readonly callLength: number
  /** Characters of what it gives back, and of what it logs in all. */
  readonly resultLength: number
  readonly logLength: number
}

/** What the scripts of one realm may read that stands outside the store. */
export interface ScriptValues {
  /** By names such as `esv.mail.host` (PingAM: `systemEnv`). */
  readonly variables: Readonly<Record<string, string>>
  /** By labels such as `scripted.node.key` (PingAM: `secrets`). */
  readonly secrets: Readonly<Record<string, string>>
  /** Hosts, with their ports, that `httpClient` may ask although they are not public. */
  readonly addresses: readonly string[]
}

/** What a server says of scripts. */
export interface ScriptRules {
  readonly bounds: ScriptBounds
  /** By the paths of realms. */
  readonly values: Readonly<Record<string, ScriptValues>>
}

/** As many as are in question: a script that takes more is not one of a login. */
export const usualScriptRules: ScriptRules = {
  bounds: {
    threads: 4,
    computing: 1000,
    whole: 20_000,
    waiting: 5000,
    memory: 32 * 1024 * 1024,
    stack: 256 * 1024,
    calls: 50,
    callLength: 262_144,
    resultLength: 262_144,
    logLength: 16_384,
  },
  values: {},
}

/** How accounts are read and changed by the rules that hold for every door; what does that stands to the right. */
export interface ScriptedPeople {
  /** One account by its id or name, as PingAM shows it: lists of texts; undefined: there is none. */
  read(id: string): Promise<ScriptedPerson | undefined>
  /**
   * Changes attributes of an account, by PingAM's names; what is `added` comes behind the values that stand there by then.
   * @throws PeopleRefused
   */
  change(id: string, attributes: JsonObject, added: JsonObject): Promise<void>
  /** Makes an account of attributes by PingAM's names; its id. @throws PeopleRefused */
  create(attributes: JsonObject): Promise<string>
  /** PingIDM's verbs over its managed users. @throws PeopleRefused */
  managed(verb: string, resource: string, args: readonly unknown[]): Promise<JsonObject | null>
}

export interface ScriptedPerson {
  readonly id: string
  readonly username: string
  readonly attributes: Readonly<Record<string, readonly string[]>>
}

/** What was asked of an account cannot be; the text is for whoever asked. */
export class PeopleRefused extends Error {
  override readonly name = 'PeopleRefused'
}
