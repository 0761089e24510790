import { z } from 'zod'
import type { Ctx } from '../context.ts'
import { readForm } from '../http/forms.ts'
import { definePage } from '../http/page.ts'
import { parseReference } from '../ids.ts'
import { Crumb, Empty, Headline } from '../ui/blocks.tsx'
import { Button, LinkButton } from '../ui/buttons.tsx'
import { HiddenField } from '../ui/fields.tsx'
import { Icon } from '../ui/icons.tsx'
import { Pager, Seek } from '../ui/lists.tsx'
import { pathOf } from '../ui/navigation.ts'
import { Tag } from '../ui/states.tsx'
import { WorkPage } from '../ui/work-layout.tsx'
import { type Found, findEverywhere, type SearchSource, SHORTEST, sourcesFor } from './staff-search.ts'

const PATH = '/work/find'
const EACH = 5
const ALONE = 50
// Whatever stands in an address is forgiven.
const Query = z.object({
  q: z.string().max(200).optional().catch(undefined),
  in: z.string().optional().catch(undefined),
  after: z.uuid().optional().catch(undefined),
})

/** Everything the actor may see that goes by these words, by what it is. `in` names one source to see all of it, page by page. */
export const findPage = definePage({
  path: PATH,
  access: 'staff',
  async get(ctx, c) {
    const { t } = ctx
    const read = readForm(Query, new URL(c.req.url).searchParams)
    const text = read.values.q?.slice(0, 200) ?? ''
    const sources = sourcesFor(ctx)
    const only = sources.find(({ name }) => name === read.values.in)
    const after = only && read.ok ? read.value.after : undefined
    const asked = { q: text, ...(only && { in: only.name }), ...(after && { after }) }
    const path = `${PATH}${text && `?${new URLSearchParams(asked)}`}`
    return (
      <WorkPage ctx={ctx} title={t('search.title')} current={PATH} path={path}>
        {only && <Crumb href={address(ctx, { q: text })} label={t('search.back')} />}
        <Headline title={t('search.title')} lead={t('search.lead')} />
        <Seek
          action={pathOf(ctx, PATH)}
          label={t('search.title')}
          hideLabel
          button={t('search.button')}
          placeholder={t('ui.find')}
          value={text}
          keep={only ? [['in', only.name]] : []}
        />
        {sources.length === 0 ? (
          <Empty title={t('search.nowhere')} />
        ) : text === '' ? (
          <p class="quiet">{t('search.where', { sources: ctx.format.list(sources.map(({ label }) => t(label))) })}</p>
        ) : !isLongEnough(text) ? (
          <Empty title={t('search.short')} />
        ) : (
          <Results ctx={ctx} text={text} sources={only ? [only] : sources} limit={only ? ALONE : EACH} after={after} />
        )}
      </WorkPage>
    )
  },
})

const isLongEnough = (text: string) => Array.from(text).length >= SHORTEST || parseReference(text) !== null

const address = (ctx: Ctx, query: Record<string, string>) => pathOf(ctx, `${PATH}?${new URLSearchParams(query)}`)

type Asked = { ctx: Ctx; text: string; sources: readonly SearchSource[]; limit: number; after?: string }

async function Results({ ctx, text, sources, limit, after }: Asked) {
  const { t } = ctx
  const results = (await findEverywhere(ctx, sources, text, limit, after)).filter(
    ({ source, found }) => found.length > 0 || source.elsewhere,
  )
  if (results.length === 0) return <Empty title={t('search.none', { text })} text={t('search.none_text')} />
  return (
    <>
      {results.map(({ source, found, more }) => (
        <section class="group unknown" id={source.name}>
          <h2>{t(source.label)}</h2>
          {found.length === 0 ? (
            <Elsewhere ctx={ctx} {...source.elsewhere!(ctx, text)} />
          ) : (
            <ul>
              {found.map((one) => (
                <Hit ctx={ctx} found={one} />
              ))}
            </ul>
          )}
          {more && limit === EACH && (
            <p>
              <LinkButton kind="second" end="right" href={address(ctx, { q: text, in: source.name })}>
                {t('search.all', { source: t(source.label) })}
              </LinkButton>
            </p>
          )}
          {limit === ALONE && found.length > 0 && (
            <Pager
              ctx={ctx}
              shown={found.length}
              total={{ atLeast: found.length }}
              next={more ? address(ctx, { q: text, in: source.name, after: found.at(-1)!.cursor }) : null}
              previous={after && address(ctx, { q: text, in: source.name })}
            />
          )}
          {source.most && limit === ALONE && (more || after) && (
            <p class="quiet">{t('search.first', { count: ctx.format.number(source.most) })}</p>
          )}
        </section>
      ))}
    </>
  )
}

type ElsewhereProps = { ctx: Ctx } & ReturnType<NonNullable<SearchSource['elsewhere']>>

const Elsewhere = ({ ctx, lead, button, action, fields }: ElsewhereProps) => (
  <form method="post" action={pathOf(ctx, action)} class="flow">
    <p>{lead}</p>
    {Object.entries(fields).map(([name, value]) => (
      <HiddenField name={name} value={value} />
    ))}
    <Button kind="second" icon="search">
      {button}
    </Button>
  </form>
)

const Hit = ({ ctx, found: { icon, title, lang, href, why, state } }: { ctx: Ctx; found: Found }) => (
  <li class="task">
    <Icon name={icon} />
    <h3>
      <a href={pathOf(ctx, href)} lang={lang}>
        {title}
      </a>
    </h3>
    <p class="quiet">{why}</p>
    <p class="due">
      <Tag state={state.state} icon={state.icon}>
        {state.label}
      </Tag>
    </p>
  </li>
)
