import type { Child } from 'hono/jsx'
import type { Ctx } from '#kernel/context.ts'
import { keptNothing } from '#kernel/http/limits.ts'
import { parseReference } from '#kernel/ids.ts'
import { CaseForm, CaseFrame, defineCasePage, overview, type Said } from '#kernel/my-case/pages/my-case.tsx'
import type { OpenedCase } from '#kernel/my-case/tickets.ts'
import { Card, Fact, Facts, More } from '#kernel/ui/blocks.tsx'
import { Button, Buttons } from '#kernel/ui/buttons.tsx'
import { HiddenField } from '#kernel/ui/fields.tsx'
import { pathOf } from '#kernel/ui/navigation.ts'
import { type State as Look, Note, Tag } from '#kernel/ui/states.tsx'
import {
  endSeeking,
  lastWords,
  type OwnApplication,
  ownApplications,
  setPhoneRelease,
  standingApplications,
  withdrawApplication,
} from '../applications.ts'
import { openCheckIns } from '../check-ins.ts'
import { currentOffer, findSeeker } from '../seekers.ts'
import type { State } from '../states.ts'
import { CheckInCard } from './check-in.tsx'
import { OwnMatches } from './own-profile.tsx'
import { ProfileView } from './profile-view.tsx'

export const LOOKS: Record<State, Look> = {
  received: 'unknown',
  invited: 'attention',
  declined: 'stop',
  hired: 'ok',
  withdrawn: 'stop',
}

/** What *My case* shows of somebody who looks for work: each application and what can be done, then what they say of themselves. */
export async function ownApplicationsPanel(ctx: Ctx, opened: OpenedCase): Promise<Child | null> {
  const seeker = await findSeeker(ctx, opened)
  if (!seeker) return null
  const { t } = ctx
  const waiting = await openCheckIns(ctx, opened)
  const offer = await currentOffer(ctx)
  const standing = await standingApplications(ctx, opened)
  const applied = new Set(standing.map(({ vacancy_reference }) => vacancy_reference))
  return (
    <>
      {waiting.map((checkIn) => (
        <CheckInCard ctx={ctx} opened={opened} checkIn={checkIn} />
      ))}
      <h2>{t('applications.own.title')}</h2>
      <List ctx={ctx} opened={opened} />
      <OwnMatches ctx={ctx} opened={opened} seeker={seeker} applied={applied} />
      <h2>{t('applications.own.profile')}</h2>
      <ProfileView ctx={ctx} profile={seeker.profile} />
      <p>{t(offer ? 'applications.own.found_yes' : 'applications.own.found_no')}</p>
      <CaseForm ctx={ctx} opened={opened} path="profile">
        <Button kind="second">{t('applications.own.profile_change')}</Button>
      </CaseForm>
      <More icon="x" label={t('applications.own.end')}>
        <p>{t('applications.own.end_text')}</p>
        <CaseForm ctx={ctx} opened={opened} path="applications">
          <Button kind="second" name="act" value="end">
            {t('applications.own.end_button')}
          </Button>
        </CaseForm>
      </More>
    </>
  )
}

// So many at once: a page that somebody pays for by the megabyte.
const SHOWN = 10

/** A page of them, and the way on. */
async function List({ ctx, opened, after }: { ctx: Ctx; opened: OpenedCase; after?: string }) {
  const { items, next } = await ownApplications(ctx, opened, { after, limit: SHOWN })
  const said = await lastWords(
    ctx,
    items.map(({ id }) => id),
  )
  return (
    <>
      {items.map((application) => (
        <One ctx={ctx} opened={opened} application={application} said={said.get(application.id)} />
      ))}
      {next && (
        <CaseForm ctx={ctx} opened={opened} path="earlier-applications">
          <HiddenField name="after" value={next} />
          <Button kind="second" end="right">
            {ctx.t('applications.own.earlier')}
          </Button>
        </CaseForm>
      )}
    </>
  )
}

/** Those before the ones that *My case* begins with. */
export const earlierApplicationsPage = defineCasePage('earlier-applications', async (ctx, c, opened, form) => {
  keptNothing(c)
  const after = parseReference(String(form.get('after') ?? '')) ?? undefined
  return (
    <CaseFrame ctx={ctx} opened={opened} title={ctx.t('applications.own.title')}>
      <List ctx={ctx} opened={opened} after={after} />
      <CaseForm ctx={ctx} opened={opened}>
        <Button kind="plain" icon="left">
          {ctx.t('my_case.title')}
        </Button>
      </CaseForm>
    </CaseFrame>
  )
})

type OneProps = {
  ctx: Ctx
  opened: OpenedCase
  application: OwnApplication
  said?: { reason: string | null; words: string | null }
}

function One({ ctx, opened, application, said }: OneProps) {
  const { t, format } = ctx
  const { reference, snapshot, state, applied_at, phone_asked_at, phone_released_at, vacancy_reference } = application
  const open = state !== 'withdrawn'
  return (
    <Card id={reference}>
      <h3 lang={snapshot.lang}>
        <a href={pathOf(ctx, `/vacancies/${vacancy_reference}`)}>{snapshot.title}</a>
      </h3>
      <Facts>
        <Tag state={LOOKS[state]}>{t(`applications.code.state.${state}`)}</Tag>
        {snapshot.employer_name && (
          <Fact icon="office" lang={snapshot.lang}>
            {snapshot.employer_name}
          </Fact>
        )}
        <Fact icon="calendar">{t('applications.own.applied', { date: format.date(applied_at) })}</Fact>
      </Facts>
      <p>
        {t(`applications.own.${state}`)} {said?.reason && t(`applications.code.reason.${said.reason}`)}
      </p>
      {said?.words && (
        <p>
          {t('applications.own.says')} <q>{said.words}</q>
        </p>
      )}
      {(state === 'invited' || state === 'hired') && (
        <CaseForm ctx={ctx} opened={opened} path="contract">
          <HiddenField name="application" value={reference} />
          <Button kind="second" icon="doc">
            {t('applications.contract.link')}
          </Button>
        </CaseForm>
      )}
      {open && (
        <CaseForm ctx={ctx} opened={opened} path="applications" class="flow">
          <HiddenField name="application" value={reference} />
          {phone_released_at ? (
            <p>{t('applications.own.phone_released', { date: format.date(phone_released_at) })}</p>
          ) : (
            phone_asked_at && (
              <Note state="attention" icon="phone" title={t('applications.own.phone_asked')}>
                {t('applications.own.phone_asked_text')}
              </Note>
            )
          )}
          <Buttons>
            {phone_released_at ? (
              <Button kind="second" name="act" value="hide_phone">
                {t('applications.own.hide_phone')}
              </Button>
            ) : (
              phone_asked_at && (
                <Button kind="second" icon="phone" name="act" value="release_phone">
                  {t('applications.own.release_phone')}
                </Button>
              )
            )}
            <Button kind="second" icon="undo" name="act" value="withdraw">
              {t('applications.own.withdraw')}
            </Button>
          </Buttons>
        </CaseForm>
      )}
    </Card>
  )
}

/** What the person does about an application. The same again does no harm. */
export const ownApplicationsPage = defineCasePage('applications', async (ctx, _c, opened, form) => {
  const reference = String(form.get('application') ?? '')
  return overview(ctx, opened, await perform(ctx, opened, String(form.get('act') ?? ''), reference))
})

async function perform(ctx: Ctx, opened: OpenedCase, act: string, reference: string): Promise<Said | undefined> {
  const { t } = ctx
  switch (act) {
    case 'withdraw':
      await withdrawApplication(ctx, opened, reference)
      return { state: 'ok', title: t('applications.done.withdrawn'), text: t('applications.done.withdrawn_text') }
    case 'release_phone':
      await setPhoneRelease(ctx, opened, reference, true)
      return { state: 'ok', title: t('applications.done.released') }
    case 'hide_phone':
      await setPhoneRelease(ctx, opened, reference, false)
      return { state: 'ok', title: t('applications.done.hidden'), text: t('applications.done.hidden_text') }
    case 'end':
      await endSeeking(ctx, opened)
      return { state: 'ok', title: t('applications.done.ended'), text: t('applications.done.withdrawn_text') }
  }
  return undefined
}
