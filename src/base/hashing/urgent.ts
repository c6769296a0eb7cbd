/** What clients have asked for. */
interface Urgent {
  /** How much of it is not answered yet. */
  underWay: number
  /** How much of it there has been. */
  begun: number
  /** There while somebody waits until all is: to be called then. */
  whenNone: (() => void) | undefined
}

/** Whoever answers clients counts here. */
export const urgent: Urgent = { underWay: 0, begun: 0, whenNone: undefined }
