import type { Platform } from '../module.ts'

/** One kind of thing that programs of organisations can be told. A part declares it in its manifest. */
export type WebhookEvent = {
  /** A noun and what became of it: `sms.failed`. Receivers build on it: it never changes. */
  event: string
  /** Message key: what it tells, as shown among the choices. */
  label: string
}

/** Sent by hand, to try an address; every address gets it, and none can choose it. */
export const TEST_EVENT = 'webhook.test'

/** All that organisations can choose among. */
export const allEvents = ({ parts }: Pick<Platform, 'parts'>): WebhookEvent[] =>
  parts.flatMap((part) => part.webhookEvents ?? [])

/** What an event tells; the event itself where no part declares it any more. */
export function eventText(platform: Platform, t: (key: string) => string, event: string): string {
  if (event === TEST_EVENT) return t('webhooks.event.test')
  const known = allEvents(platform).find((one) => one.event === event)
  return known ? t(known.label) : event
}
