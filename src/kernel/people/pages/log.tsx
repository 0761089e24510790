import { definePage, localPath, seeOther } from '../../http/page.ts'
import { Card, Crumb, Empty, Headline, Pairs } from '../../ui/blocks.tsx'
import { Table } from '../../ui/table.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { officer } from '../identity.ts'
import { coveringLookup, looksAt, noteLook } from '../looks.ts'
import { getPerson, personLines } from '../persons.ts'
import { PEOPLE } from './search.tsx'
import { birthText, langOf, namesText } from './words.ts'

/** Who looked at a person's data and why, printed for them at a desk: it says whose it is, and names offices, not officers. */
export const personLogPage = definePage({
  path: '/work/people/:reference/log',
  access: 'person.read',
  async get(ctx, c) {
    const { t, format } = ctx
    const person = await getPerson(ctx, c.req.param('reference')!)
    const lookup = await coveringLookup(ctx, person.id)
    if (!lookup) return seeOther(ctx, c, `${PEOPLE}/${person.reference}`)
    const looks = await looksAt(ctx, person.id)
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
              [t('people.log.issued'), [officer(ctx).organisation_name, format.dateTime(ctx.now)].join(', ')],
            ]}
          />
        </Card>
        {looks.length === 0 ? (
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
            rows={looks.map(({ at, organisation, purpose, what }) => [
              format.dateTime(at),
              organisation ?? t('people.log.unnamed'),
              purpose ? t(`people.code.purpose.${purpose}`) : t('people.log.by_law'),
              t(`people.code.look.${what}`),
            ])}
          />
        )}
        <p>{t('people.log.rights')}</p>
        <p>{t('people.log.complain')}</p>
      </WorkPage>
    )
  },
})
