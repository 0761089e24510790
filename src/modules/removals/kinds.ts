export const MODES = ['air', 'rail', 'bus'] as const
export type Mode = (typeof MODES)[number]

/** Never merged: the carrier bears the cost of a passenger who was not admitted, the state that of a deportee. */
export const CATEGORIES = ['inadmissible', 'deportee'] as const
export type Category = (typeof CATEGORIES)[number]

export const ESCORTS = ['unknown', 'none', 'officers', 'carrier_staff', 'medical'] as const
export type Escort = (typeof ESCORTS)[number]

/** Whether it is known who invited a deportee. */
export const INVITED = ['unknown', 'none', 'known'] as const
export type Invited = (typeof INVITED)[number]

/** `whole`: whoever stated it did not break it down. */
export const COSTS = ['carriage', 'escort', 'stay', 'documents', 'other', 'whole'] as const
export type CostKind = (typeof COSTS)[number]

/** Who is asked to pay. `named`: whom an officer named, where no rule with a source is known. */
export type Payer = 'federal_budget' | 'inviting_party' | 'carrier' | 'named'

export const STATES = [
  'drafted',
  'sent',
  'acknowledged',
  'paid_part',
  'paid',
  'refused',
  'disputed',
  'withdrawn',
] as const
export type ClaimState = (typeof STATES)[number]

/** What may happen to a claim next. From its last states only an undo leads back. */
export const NEXT: Record<ClaimState, readonly ClaimState[]> = {
  drafted: ['sent', 'withdrawn'],
  sent: ['acknowledged', 'paid_part', 'paid', 'refused', 'withdrawn'],
  acknowledged: ['paid_part', 'paid', 'refused', 'withdrawn'],
  paid_part: ['paid_part', 'paid', 'refused', 'withdrawn'],
  refused: ['disputed', 'paid_part', 'paid', 'withdrawn'],
  disputed: ['acknowledged', 'paid_part', 'paid', 'refused', 'withdrawn'],
  paid: [],
  withdrawn: [],
}

/**
 * In how many days somebody looks at a claim again, unless told otherwise: a term of our own, no rule. Without one nothing is
 * awaited.
 */
export const LOOK_AGAIN_DAYS: Partial<Record<ClaimState, number>> = {
  drafted: 7,
  sent: 30,
  acknowledged: 30,
  paid_part: 30,
  refused: 14,
  disputed: 30,
}
