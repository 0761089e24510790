import type { StaffActor } from '../context.ts'
import type { Platform } from '../module.ts'

/** When somebody gets an e-mail about a kind: as it happens, once a day at eight in the morning, or never. */
export const MAIL_MODES = ['now', 'daily', 'off'] as const
export type MailMode = (typeof MAIL_MODES)[number]

/** One kind of thing that people are told. A part declares it in its manifest. */
export type NotificationKind = {
  kind: string
  /** Message key: what it tells, as shown among the settings. */
  label: string
  /** What applies until somebody chooses. */
  mail: MailMode
  /** How long a mail sent as it happens waits for more of the same. The mail itself goes out within a minute after. */
  gatherMinutes: number
  /** Who can be told at all: only they can set it. Without it, it concerns the person, who is always told, and cannot set it. */
  permission?: string
}

const allKinds = (platform: Platform): NotificationKind[] => platform.parts.flatMap((part) => part.notifications ?? [])

/** The kinds that this person can be told. */
export const kindsFor = (platform: Platform, { permissions }: StaffActor): NotificationKind[] =>
  allKinds(platform).filter(({ permission }) => permission !== undefined && permissions.has(permission))

/** The kinds that concern everybody's own person. */
export const personalKinds = (platform: Platform): NotificationKind[] =>
  allKinds(platform).filter(({ permission }) => permission === undefined)

/** A kind by its name. A name that no part declares is a fault: it throws. */
export function findKind(platform: Platform, name: string): NotificationKind {
  const kind = allKinds(platform).find((candidate) => candidate.kind === name)
  if (!kind) throw new Error(`No part declares notifications of the kind ${name}`)
  return kind
}
