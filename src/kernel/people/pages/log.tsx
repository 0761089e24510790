import { z } from 'zod'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { Card, Crumb, Empty, Headline, Pairs } from '../../ui/blocks.tsx'
import { LinkButton } from '../../ui/buttons.tsx'
import { Table } from '../../ui/table.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { officer } from '../identity.ts'
import { coveringLookup, noteLook } from '../looks.ts'
import { type LogPlace, ownLog } from '../own-log.ts'
import { getPerson, personLines } from '../persons.ts'
import { PEOPLE } from './search.tsx'
import { birthText, langOf, namesText } from './words.ts'

const PAGE = 100

/**
 * Who looked at a person's data or was given it, and why, printed for them at a desk: it says whose it is, how many entries there are,
 * and names offices, not officers.
 */
export const personLogPage = definePage({
  path: '/work/people/:reference/log',
  access: 'person.read',
  async get(ctx, c) {
    const { t, format } = ctx
    const person = await getPerson(ctx, c.req.param('reference')!)
    const lookup = await coveringLookup(ctx, person.id)
    if (!lookup) return seeOther(ctx, c, `${PEOPLE}/${person.reference}`)
    const after = placeIn(c.req.query('after'))
    const { lines, total, older, whole } = await ownLog(ctx, person.id, { after, limit: PAGE })
    await noteLook(ctx, person.id, lookup, 'log')
    const path = `${PEOPLE}/${person.reference}`
    const [line] = await personLines(ctx, [person.id])
    const [name = t('people.nameless')] = namesText(line?.names ?? [])
    const birth = birthText(line?.birth ?? null)
    return (
      <WorkPage ctx={ctx} title={t('people.log.title')} current={PEOPLE} path={`${path}/log`}>
        <Crumb href={localPath(ctx, path)} label={person.reference} />
        <Headline title={t('people.log.title')} lead={t('people.log.lead', { date: format.dateTime(ctx.now) })} />
        <Card>
          <Pairs
            items={[
              [
                t('people.log.about'),
                <>
                  <span lang={langOf(name)}>{name}</span>
                  {birth && `, ${birth}`} · <span class="code">{person.reference}</span>
                </>,
              ],
              [t('people.log.count'), format.number(total)],
              [t('people.log.issued'), [officer(ctx).organisation_name, format.dateTime(ctx.now)].join(', ')],
            ]}
          />
        </Card>
        {lines.length === 0 ? (
          <Empty title={t('people.log.empty')} />
        ) : (
          <Table
            caption={t('people.log.title')}
            hidden
            columns={[
              { label: t('people.log.when') },
              { label: t('people.log.who') },
              { label: t('people.log.why') },
              { label: t('people.log.what') },
            ]}
            rows={lines.map(({ at, organisation, why, what }) => [
              format.dateTime(at),
              organisation ?? t('people.log.unnamed'),
              why,
              what,
            ])}
          />
        )}
        {older > 0 && <p>{t('people.log.older', { count: older })}</p>}
        {(after || older > 0) && (
          <p class="noprint">
            {after && (
              <LinkButton kind="second" icon="left" href={localPath(ctx, `${path}/log`)}>
                {t('people.log.newest')}
              </LinkButton>
            )}{' '}
            {older > 0 && (
              <LinkButton
                kind="second"
                end="right"
                href={localPath(ctx, `${path}/log?after=${placeOf(lines.at(-1)!)}`)}
              >
                {t('people.log.older_link')}
              </LinkButton>
            )}
          </p>
        )}
        {!whole && <p>{t('people.log.part')}</p>}
        <p>{t('people.log.rights')}</p>
        <p>{t('people.log.complain')}</p>
      </WorkPage>
    )
  },
})

// As the database keeps moments, in microseconds.
const placeOf = ({ at, id }: LogPlace) => `${at.epochNanoseconds / 1000n}~${id}`
const Place = z.tuple([z.coerce.number().int().min(0).max(4e15), z.guid()])

function placeIn(text = ''): LogPlace | undefined {
  const { data } = Place.safeParse(text.split('~'))
  return data && { at: Temporal.Instant.fromEpochNanoseconds(BigInt(data[0]) * 1000n), id: data[1] }
}
