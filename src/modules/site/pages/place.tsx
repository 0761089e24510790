import type { Child } from 'hono/jsx'
import type { Ctx } from '#kernel/context.ts'
import { Fact, Facts } from '#kernel/ui/blocks.tsx'
import { LinkButton } from '#kernel/ui/buttons.tsx'
import { type State, Tag } from '#kernel/ui/states.tsx'
import type { Organisation } from '../organisations.ts'
import { Outside } from './outside.tsx'

// Notes that warn; the others only inform.
const WARNINGS: Record<string, State> = {
  unanswered_2024: 'attention',
  number_unverified: 'unknown',
  foreign_agent: 'attention',
  asylum_only: 'attention',
}

type PlaceProps = { ctx: Ctx; organisation: Organisation }

/** Whether we know a way to reach it from afar. */
export const isReachable = ({ phones, website }: Organisation) => phones.length > 0 || website !== ''

/** One body that helps and can be reached: what with, how, and from where and when we know that. */
export const Place = ({ ctx, organisation }: PlaceProps) => (
  <li class="card place" id={organisation.id}>
    <h3>{organisation[`name_${ctx.lang}`]}</h3>
    <Where ctx={ctx} organisation={organisation} />
    <p>{servicesOf(ctx, organisation)}</p>
    <Notes ctx={ctx} notes={organisation.notes} />
    <div class="call">
      {organisation.phones.map((phone) => (
        <LinkButton icon="phone" href={`tel:${phone.replaceAll(/[^+\d]/g, '')}`}>
          {phone}
        </LinkButton>
      ))}
      {organisation.website && (
        <LinkButton kind="second" icon="globe" href={`https://${organisation.website}`}>
          {organisation.website}
        </LinkButton>
      )}
    </div>
    <Source ctx={ctx} organisation={organisation} />
  </li>
)

/** One body of which we know the town, but no telephone: a quiet row. */
export const PlaceRow = ({ ctx, organisation }: PlaceProps) => (
  <li id={organisation.id}>
    <h3>{organisation[`name_${ctx.lang}`]}</h3>
    <Where ctx={ctx} organisation={organisation} />
    <p>{servicesOf(ctx, organisation)}</p>
    <Notes ctx={ctx} notes={organisation.notes} />
    <Source ctx={ctx} organisation={organisation} />
  </li>
)

const Where = ({ ctx: { t }, organisation: { kind, place } }: PlaceProps) => (
  <Facts>
    <Fact>{t(`site.kind.${kind}`)}</Fact>
    <Fact icon="pin">{t(`site.place.${place}`)}</Fact>
  </Facts>
)

const Notes = ({ ctx: { t }, notes }: { ctx: Ctx; notes: string[] }) => (
  <>
    {notes.map((note) => (
      <p class="quiet">
        {WARNINGS[note] ? <Tag state={WARNINGS[note]}>{t(`site.note.${note}`)}</Tag> : t(`site.note.${note}`)}
      </p>
    ))}
  </>
)

function Source({ ctx: { t }, organisation: { source_url, as_of_year } }: PlaceProps) {
  const host = new URL(source_url).hostname.replace(/^www\./, '')
  const a = (chunks: Child[]) => <Outside href={source_url}>{chunks}</Outside>
  return (
    <p class="source">
      {as_of_year
        ? t.rich('site.help.as_of', { host, year: as_of_year, a })
        : t.rich('site.help.as_of_unknown', { host, a })}
    </p>
  )
}

function servicesOf({ t }: Ctx, { services }: Organisation): string {
  const text = services.map((service) => t(`site.service.${service}`)).join(', ')
  return `${text.charAt(0).toLocaleUpperCase()}${text.slice(1)}.`
}
