import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { Ctx } from '#kernel/context.ts'
import { parseAmount } from '#kernel/money/parse.ts'
import { decimalOf } from '#kernel/money.ts'
import { CaseForm, CaseFrame, defineCasePage, type Said as Told } from '#kernel/my-case/pages/my-case.tsx'
import type { OpenedCase } from '#kernel/my-case/tickets.ts'
import { Card, More } from '#kernel/ui/blocks.tsx'
import { Button, Buttons } from '#kernel/ui/buttons.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { FileField, HiddenField, TextField } from '#kernel/ui/fields.tsx'
import { pathOf } from '#kernel/ui/navigation.ts'
import { Note, type State, Tag } from '#kernel/ui/states.tsx'
import { Table } from '#kernel/ui/table.tsx'
import { ContractCopy, openVacancy } from '#modules/vacancies/public.ts'
import { getOwnApplication, type OwnApplication } from '../applications.ts'
import {
  compareContract,
  contractPhoto,
  type Difference,
  isDifferent,
  latestContract,
  MOST_PHOTO_BYTES,
  POINTS,
  READINGS,
  type Said,
  saveContract,
} from '../contracts.ts'
import { askForHelp } from '../help.ts'
import { getSeeker } from '../seekers.ts'
import { promised } from './promised.tsx'

/** The contract beside the advert as it was when the person applied: what to fill in, then what differs. */
export const contractPage = defineCasePage(
  'contract',
  async (ctx, c, opened, form) => {
    const application = await getOwnApplication(ctx, opened, String(form.get('application') ?? ''))
    switch (form.get('act')) {
      case 'photo':
        return contractPhoto(ctx, application.id)
      case 'save':
        return save(ctx, c, opened, application, form)
      case 'help': {
        await askForHelp(ctx, await getSeeker(ctx, opened), 'contract', ['contract'], application.id)
        return shown(ctx, opened, application, { state: 'ok', title: ctx.t('applications.contract.will_call') })
      }
      default:
        return shown(ctx, opened, application)
    }
  },
  { bodyLimit: MOST_PHOTO_BYTES + 2 ** 16 },
)

async function save(ctx: Ctx, c: Context, opened: OpenedCase, application: OwnApplication, form: FormData) {
  const said = readSaid(application, form)
  if (!said) {
    c.status(422)
    return shown(ctx, opened, application, { state: 'stop', title: ctx.t('applications.contract.amount_wrong') })
  }
  const file = form.get('photo')
  const photo =
    file instanceof File && file.size > 0
      ? { name: file.name, content: new Uint8Array(await file.arrayBuffer()) }
      : null
  await saveContract(ctx, application.id, said, photo)
  return shown(ctx, opened, application)
}

// Null for an amount that is none: everything else is a choice or free words.
function readSaid({ snapshot: { pay_currency } }: OwnApplication, form: FormData): Said | null {
  const text = (name: string) =>
    String(form.get(name) ?? '')
      .replaceAll('\0', '')
      .trim()
      .slice(0, 200)
  const said: Said = {}
  const amount = text('amount')
  if (amount && pay_currency) {
    const read = parseAmount(amount, pay_currency)
    if (read === null) return null
    said.amount = String(read)
  }
  for (const point of POINTS) {
    const reading = READINGS.find((one) => one === form.get(`r_${point}`))
    const words = text(`w_${point}`)
    if (reading || words) said[point] = { ...(reading && { reading }), ...(words && { words }) }
  }
  return said
}

async function shown(ctx: Ctx, opened: OpenedCase, application: OwnApplication, told?: Told): Promise<Child> {
  const { t, format } = ctx
  const { reference, snapshot, applied_at } = application
  const contract = await latestContract(ctx, application.id)
  const said = contract?.said ?? {}
  // Closed or held since: then nobody opens its copy.
  const advert = await openVacancy(ctx, application.vacancy_reference).catch(() => null)
  return (
    <CaseFrame ctx={ctx} opened={opened} title={t('applications.contract.title')} said={told}>
      <p>
        <b lang={snapshot.lang}>{snapshot.title}</b> ·{' '}
        {t('applications.contract.as_of', { date: format.date(applied_at) })}
      </p>
      {contract && (
        <Differences ctx={ctx} application={application} differences={compareContract(snapshot, contract.said)} />
      )}
      {contract && (
        <CaseForm ctx={ctx} opened={opened} path="contract">
          <HiddenField name="application" value={reference} />
          <Buttons>
            <Button kind="second" icon="phone" name="act" value="help">
              {t('applications.contract.call_me')}
            </Button>
            {contract.file_id && (
              <Button kind="second" icon="save" name="act" value="photo">
                {t('applications.contract.photo_save')}
              </Button>
            )}
          </Buttons>
        </CaseForm>
      )}
      {advert && <ContractCopy ctx={ctx} vacancy={advert} />}
      <More icon="doc" label={t('applications.contract.fill_in')} open={!contract}>
        <p>{t('applications.contract.how')}</p>
        <CaseForm ctx={ctx} opened={opened} path="contract" class="flow" upload>
          <HiddenField name="application" value={reference} />
          <FileField
            name="photo"
            label={t('applications.contract.photo')}
            hint={t('applications.contract.photo_hint')}
            accept="image/*,application/pdf"
          />
          {
            await Promise.all(
              POINTS.map(async (point) => (
                <Card>
                  <h2>{t(`applications.point.${point}`)}</h2>
                  <p>
                    <b>{t('applications.contract.advert_says')}</b> {await promised(ctx, snapshot, point)}
                  </p>
                  {point === 'pay' && snapshot.pay_currency && (
                    <TextField
                      name="amount"
                      label={t('applications.contract.amount', {
                        currency: t(`money.currency.${snapshot.pay_currency}`, { n: 5, after: 'counted' }),
                      })}
                      hint={t('applications.contract.amount_hint')}
                      value={said.amount && decimalOf({ amount: BigInt(said.amount), currency: snapshot.pay_currency })}
                      inputmode="decimal"
                      width="short"
                      autocomplete="off"
                    />
                  )}
                  <RadioGroup
                    name={`r_${point}`}
                    label={t('applications.contract.stands')}
                    value={said[point]?.reading}
                    options={READINGS.map((value) => ({ value, label: t(`applications.code.reading.${value}`) }))}
                  />
                  <TextField
                    name={`w_${point}`}
                    label={t('applications.contract.words')}
                    value={said[point]?.words}
                    autocomplete="off"
                    maxlength={200}
                  />
                </Card>
              )),
            )
          }
          <Button name="act" value="save">
            {t('applications.contract.compare')}
          </Button>
        </CaseForm>
      </More>
      <CaseForm ctx={ctx} opened={opened}>
        <Button kind="plain" icon="left">
          {t('my_case.title')}
        </Button>
      </CaseForm>
    </CaseFrame>
  )
}

const LOOKS: Record<Difference['state'], State> = {
  ...{ same: 'ok', more: 'ok', less: 'stop', other: 'attention', missing: 'attention', unread: 'unknown' },
}

type DifferencesProps = { ctx: Ctx; application: OwnApplication; differences: readonly Difference[] }

async function Differences({ ctx, application: { snapshot }, differences }: DifferencesProps) {
  const { t } = ctx
  const count = differences.filter(isDifferent).length
  return (
    <>
      {count > 0 ? (
        <Note state="stop" title={t('applications.contract.differs', { count })} announce>
          {t('applications.contract.differs_text')} <a href={pathOf(ctx, '/help')}>{t('applications.check_in.help')}</a>
        </Note>
      ) : (
        <Note state="unknown" title={t('applications.contract.nothing_differs')} announce>
          {t('applications.contract.nothing_differs_text')}
        </Note>
      )}
      <Table
        caption={t('applications.contract.table')}
        hidden
        columns={['point', 'advert', 'contract', 'state'].map((name) => ({
          label: t(`applications.contract.column_${name}`),
        }))}
        rows={
          await Promise.all(
            differences.map(async ({ point, state, words }) => [
              t(`applications.point.${point}`),
              await promised(ctx, snapshot, point),
              words ?? t(`applications.code.reading.${state}`),
              <Tag state={LOOKS[state]}>{t(`applications.code.reading.${state}`)}</Tag>,
            ]),
          )
        }
      />
    </>
  )
}
