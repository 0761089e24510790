/** How far an application is. Texts: `applications.code.state.VALUE`. */
export const STATES = ['received', 'invited', 'declined', 'hired', 'withdrawn'] as const
export type State = (typeof STATES)[number]

/** What the employer does with it, and what the person does: `withdraw` is open to them whatever was decided. */
export const ACTS = ['invite', 'decline', 'hire', 'reopen', 'withdraw'] as const
export type Act = (typeof ACTS)[number]

const MOVES: Record<State, Partial<Record<Act, State>>> = {
  received: { invite: 'invited', decline: 'declined', withdraw: 'withdrawn' },
  invited: { hire: 'hired', decline: 'declined', withdraw: 'withdrawn' },
  // What was declined by a slip of the hand is opened again; it begins anew.
  declined: { reopen: 'received', withdraw: 'withdrawn' },
  hired: { withdraw: 'withdrawn' },
  withdrawn: {},
}

/** The state after an act; null where the act is not open. */
export const after = (state: State, act: Act): State | null => MOVES[state][act] ?? null

/** What the employer may do now. */
export const employerActs = (state: State): Exclude<Act, 'withdraw'>[] =>
  (Object.keys(MOVES[state]) as Act[]).filter((act) => act !== 'withdraw') as Exclude<Act, 'withdraw'>[]

/** Why an employer declines. A closed list: `applications.code.reason.VALUE`. */
export const REASONS = ['filled', 'licence', 'language', 'experience', 'dates', 'other'] as const
export type Reason = (typeof REASONS)[number]
