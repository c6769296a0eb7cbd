import type { Address } from './letter.ts'
import { outbox } from './outbox.ts'
import type { About, Sending } from './queue.ts'
import { mailQueue } from './queue.ts'
import type { Deliver, SmtpServer } from './smtp.ts'
import { smtp } from './smtp.ts'

/** How letters leave a server. */
export interface Mail {
  /** The server has a way of its own; else only what says its own way can be sent. */
  readonly ready: boolean
  /**
   * Takes something to be sent, and answers at once; false: there is no way, or too many are on their way. `by`: another
   * way than the server's own.
   */
  send(about: About, make: Sending['make'], by?: Deliver): boolean
  /** Once nothing is on its way any more. */
  idle(): Promise<void>
  /** Takes no more, and waits so many milliseconds at most for what is on its way. */
  stop(limit: number): Promise<void>
}

/** By whom and from whom a server sends. */
export interface MailSettings {
  readonly from?: Address | undefined
  readonly server?: SmtpServer | undefined
  /** In place of a server: where letters are put down. */
  readonly directory?: string | undefined
}

/** Of whom nobody expects an answer; where nothing else is said, and letters leave for no other machine. */
const nobody: Address = { name: '', address: 'parapet@localhost' }

export function openMail({ from = nobody, server, directory }: MailSettings): Mail {
  const own = directory === undefined ? server && smtp(server, from) : outbox(directory, from)
  const { take, idle, stop } = mailQueue()
  return {
    ready: own !== undefined,
    send: (about, make, by = own) => by !== undefined && take({ about, make, deliver: by }),
    ...{ idle, stop },
  }
}
