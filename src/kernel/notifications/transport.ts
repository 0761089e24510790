import { createTransport } from 'nodemailer'
import type { Config } from '../config.ts'

type Mail = {
  to: string
  subject: string
  body: string
  lang: string
  /** The Message-ID, the same at every try. */
  key: string
  /** Where one POST stops mails of this kind, without asking anybody (RFC 8058). */
  unsubscribe?: string
}

/** The way to a mail server. */
export type Transport = {
  /** Hands a mail over; returns what the server calls it. Throws when it did not take it. */
  send(mail: Mail): Promise<string>
  close(): void
}

const PATIENCE_MS = 20_000

/** Opens the way to the mail server of the settings; null when none is set. */
export function openTransport({ HAMSAFAR_SMTP_URL, HAMSAFAR_MAIL_FROM }: Config): Transport | null {
  if (!HAMSAFAR_SMTP_URL || !HAMSAFAR_MAIL_FROM) return null
  const smtp = createTransport({
    url: HAMSAFAR_SMTP_URL,
    // A password goes over no line that is not encrypted.
    requireTLS: URL.parse(HAMSAFAR_SMTP_URL)?.password !== '',
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ to, subject, body, lang, key, unsubscribe }) {
      const sent = await smtp.sendMail({
        from: HAMSAFAR_MAIL_FROM,
        to,
        subject,
        text: body,
        messageId: key,
        // No answers from machines that are out of office, and none to them.
        headers: {
          ...{ 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', 'Content-Language': lang },
          ...(unsubscribe && {
            'List-Unsubscribe': `<${unsubscribe}>`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }),
        },
      })
      return sent.response.slice(0, 200)
    },
    close: () => smtp.close(),
  }
}

/** Whether the server said that it will never take this mail (SMTP 5xx): another try is of no use. */
export const isRefusal = (error: unknown): boolean => {
  const code = (error as { responseCode?: unknown }).responseCode
  return typeof code === 'number' && code >= 500 && (error as { code?: unknown }).code === 'EENVELOPE'
}
