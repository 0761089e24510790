import type { PropsWithChildren } from 'hono/jsx'
import type { Ctx } from '../../context.ts'
import { asset } from '../../http/assets.ts'
import { localPath } from '../../http/page.ts'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { Note } from '../../ui/states.tsx'

/** For the head of a page with a `PasskeyForm`; no other page loads it. */
export const PasskeyScript = () => <script type="module" src={asset('passkeys.js')} />

type Props = PropsWithChildren<{
  ctx: Ctx
  kind: 'create' | 'get'
  /** What the browser is asked with. */
  options: object
  /** Where the form posts to, without the language. */
  action: string
  button: string
  /** The button is not the page's main one. */
  second?: boolean
  /** What to do where there is no script; shown to them alone. */
  otherwise: string
}>

/** A form that the script shows and completes: the browser asks for a passkey, and what it signed is sent along. */
export const PasskeyForm = ({ ctx, kind, options, action, button, second, otherwise, children }: Props) => (
  <>
    <noscript>
      <p>{otherwise}</p>
    </noscript>
    <div id="passkey-failed" tabindex={-1} role="alert" hidden>
      <Note state="stop" title={ctx.t('access.passkey.failed')}>
        {ctx.t('access.passkey.failed_text')}
      </Note>
    </div>
    <form
      method="post"
      action={localPath(ctx, action)}
      data-passkey={kind}
      data-options={JSON.stringify(options)}
      hidden
    >
      {children}
      <input type="hidden" name="response" />
      <Buttons>
        <Button icon="key" kind={second ? 'second' : 'filled'}>
          {button}
        </Button>
      </Buttons>
    </form>
  </>
)
