import { sql } from 'kysely'
import type { Ctx } from '../../context.ts'
import { definePage } from '../../http/page.ts'
import { isLang } from '../../i18n/languages.ts'
import { problem } from '../../problem.ts'
import { Card, Empty, Fact, Facts } from '../../ui/blocks.tsx'
import { PublicPage } from '../../ui/layout.tsx'
import { Tag } from '../../ui/states.tsx'
import { openMail } from '../send-mail.ts'
import { openSms } from '../sms/sealing.ts'

const PATH = '/outbox'
const MOST = 100

type Mail = {
  id: string
  recipient: string | null
  lang: string
  subject: string | null
  body: string | null
  /** Of a mail to who has no account. */
  sealed: Buffer | null
  state: 'waiting' | 'sent' | 'kept' | 'failed'
  attempts: number
  error: string | null
  idempotency_key: string
  created_at: Temporal.Instant
}

type Sms = Pick<Mail, 'id' | 'lang' | 'state' | 'created_at'> & { sealed: Buffer }

const LOOKS = { waiting: 'unknown', sent: 'ok', kept: 'ok', failed: 'stop' } as const

/**
 * The mails and text messages of a demonstration that serves this machine only, instead of a mail server and a gateway;
 * elsewhere there is no such page.
 */
export const outboxPage = definePage({
  path: PATH,
  access: 'public',
  async get(ctx, c) {
    const { config, demonstration } = ctx.platform
    if (!demonstration || config.production || !config.loopback || config.HAMSAFAR_PROXY) throw problem('not_found')
    c.header('Cache-Control', 'no-store')
    const { rows: mails } = await sql<Mail>`select * from notifications.outbox(${MOST})`.execute(ctx.db)
    const { rows: texts } = await sql<Sms>`select * from notifications.sms_outbox(${MOST})`.execute(ctx.db)
    const newest = [...mails, ...texts].sort((a, b) => Temporal.Instant.compare(b.created_at, a.created_at))
    const title = ctx.t('notifications.outbox.title')
    return (
      <PublicPage ctx={ctx} title={title} path={PATH} robots="noindex">
        <div class="flow">
          <h1>{title}</h1>
          <p>{ctx.t('notifications.outbox.lead')}</p>
          {newest.length === 0 && (
            <Empty title={ctx.t('notifications.outbox.empty')} text={ctx.t('notifications.outbox.empty_text')} />
          )}
          {newest.map((one) =>
            'idempotency_key' in one ? <MailCard ctx={ctx} mail={one} /> : <SmsCard ctx={ctx} sms={one} />,
          )}
        </div>
      </PublicPage>
    )
  },
})

function MailCard({ ctx, mail }: { ctx: Ctx; mail: Mail }) {
  const { to, subject, body } = mail.sealed
    ? openMail(ctx, mail.id, mail.sealed)
    : { to: mail.recipient, subject: mail.subject, body: mail.body ?? '' }
  return (
    <Card id={mail.id}>
      <h2 lang={isLang(mail.lang) ? mail.lang : undefined}>{subject}</h2>
      <Facts>
        <Tag state={LOOKS[mail.state]}>{ctx.t(`notifications.outbox.state.${mail.state}`)}</Tag>
        <Fact icon="send">{to}</Fact>
        <Fact icon="clock">{ctx.format.dateTime(mail.created_at)}</Fact>
        {mail.error && <Fact>{ctx.t('notifications.outbox.tries', { count: mail.attempts, reason: mail.error })}</Fact>}
      </Facts>
      {body
        .trim()
        .split('\n\n')
        .map((part) => (
          <p lang={mail.lang}>
            {part.split('\n').map((line) => (
              <>
                {/^https?:/.test(line) ? <a href={line}>{line}</a> : line}
                <br />
              </>
            ))}
          </p>
        ))}
    </Card>
  )
}

function SmsCard({ ctx, sms: { id, lang, state, created_at, sealed } }: { ctx: Ctx; sms: Sms }) {
  const { to, text } = openSms(ctx, id, sealed)
  return (
    <Card id={id}>
      <h2>{ctx.t('notifications.outbox.sms')}</h2>
      <Facts>
        <Tag state={LOOKS[state]}>{ctx.t(`notifications.outbox.state.${state}`)}</Tag>
        <Fact icon="phone">{to}</Fact>
        <Fact icon="clock">{ctx.format.dateTime(created_at)}</Fact>
      </Facts>
      <p lang={lang}>{text}</p>
    </Card>
  )
}
