import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { listOrganisations, nameOf } from '#kernel/organisations/organisations.ts'
import { problem } from '#kernel/problem.ts'
import { Crumb, Empty, Headline } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { SelectField, TextField } from '#kernel/ui/fields.tsx'
import { Tag } from '#kernel/ui/states.tsx'
import { Table } from '#kernel/ui/table.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { BATCHES } from '../notices.ts'
import { BODIES, endRoute, listRoutes, openRoute, setBody } from '../routes.ts'

const ROUTES = `${BATCHES}/routes`
const Route = z.object({
  from: z.uuid('expulsions.routes.office_missing'),
  to: z.uuid('expulsions.routes.office_missing'),
  body: z.enum(BODIES, 'expulsions.routes.body_missing'),
  mandate: z.string('expulsions.routes.mandate_missing').max(300),
  act: z.string('expulsions.routes.act_missing').max(300),
  hours: z.coerce.number('expulsions.routes.hours_wrong').int().min(1).max(8760),
})

/** Who passes notices to whom, by which act, and within what term. */
export const routesPage = definePage({
  path: ROUTES,
  access: 'expulsion.route',
  get: (ctx) => <Routes ctx={ctx} values={{}} errors={{}} />,
  async post(ctx, c, form) {
    const read = readForm(Route, form)
    const errors: FormErrors = read.ok ? {} : read.errors
    if (read.ok && read.value.from === read.value.to) errors.to = 'expulsions.routes.same_office'
    if (!read.ok || errors.to) {
      c.status(422)
      return <Routes ctx={ctx} values={read.values} errors={errors} />
    }
    const { from, to, body, mandate, act, hours } = read.value
    await setBody(ctx, to, body)
    await openRoute(ctx, { from_organisation: from, to_organisation: to, mandate, act, term_hours: hours })
    return seeOther(ctx, c, ROUTES)
  },
})

/** Ends a route. */
export const routeEndPage = definePage({
  path: `${ROUTES}/:id/end`,
  access: 'expulsion.route',
  async post(ctx, c) {
    const id = z.uuid().safeParse(c.req.param('id'))
    if (!id.success) throw problem('not_found')
    await endRoute(ctx, id.data)
    return seeOther(ctx, c, ROUTES)
  },
})

async function Routes({ ctx, values, errors }: { ctx: Ctx; values: FormValues; errors: FormErrors }) {
  const { t, format } = ctx
  const routes = await listRoutes(ctx)
  const offices = (await listOrganisations(ctx))
    .filter(({ closed_at }) => !closed_at)
    .map((office) => ({ value: office.id, label: nameOf(office, ctx.lang) }))
    .sort((a, b) => format.compare(a.label, b.label))
  const words = errorTexts(ctx, errors)
  const field = (name: string) => ({
    name,
    label: t(`expulsions.routes.${name}`),
    value: values[name],
    error: words[name],
  })
  return (
    <WorkPage ctx={ctx} title={t('expulsions.routes.title')} current={BATCHES} path={ROUTES}>
      <Crumb href={localPath(ctx, BATCHES)} label={t('expulsions.list.title')} />
      <Headline title={t('expulsions.routes.title')} lead={t('expulsions.routes.lead')} />
      <ErrorSummary ctx={ctx} errors={words} />
      {routes.length === 0 ? (
        <Empty title={t('expulsions.routes.empty')} />
      ) : (
        <Table
          caption={t('expulsions.routes.title')}
          hidden
          columns={['way', 'mandate', 'act', 'hours', 'state'].map((key) => ({
            label: t(`expulsions.routes.${key}`),
            num: key === 'hours',
          }))}
          rows={routes.map((route) => [
            t('expulsions.relay.hop', { from: route.from_name, to: route.to_name }),
            route.mandate,
            route.act,
            format.number(route.term_hours),
            route.ended_at ? (
              <Tag state="stop">{t('expulsions.routes.ended', { date: format.date(route.ended_at) })}</Tag>
            ) : (
              <form method="post" action={localPath(ctx, `${ROUTES}/${route.id}/end`)}>
                <Button kind="plain">
                  {t('expulsions.routes.end')}
                  <span class="vh">: {t('expulsions.relay.hop', { from: route.from_name, to: route.to_name })}</span>
                </Button>
              </form>
            ),
          ])}
        />
      )}
      <form method="post" class="card flow">
        <h2>{t('expulsions.routes.new')}</h2>
        <SelectField {...field('from')} empty={t('ui.choose')} options={offices} />
        <SelectField {...field('to')} empty={t('ui.choose')} options={offices} />
        <SelectField
          {...field('body')}
          empty={t('ui.choose')}
          hint={t('expulsions.routes.body_hint')}
          options={BODIES.map((value) => ({ value, label: t(`expulsions.code.body.${value}`) }))}
        />
        <TextField {...field('mandate')} maxlength={300} />
        <TextField {...field('act')} hint={t('expulsions.routes.act_hint')} maxlength={300} />
        <TextField {...field('hours')} width="short" inputmode="numeric" />
        <Button>{t('expulsions.routes.open')}</Button>
      </form>
    </WorkPage>
  )
}
