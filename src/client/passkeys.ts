// Lets a form with `data-passkey` ask the browser for a passkey, and sends what it signed in the field `response`.
// Public pages never load this; without it one signs in with password and code.

type Descriptor = { id: string; type: 'public-key'; transports?: AuthenticatorTransport[] }
type Creation = Omit<PublicKeyCredentialCreationOptions, 'challenge' | 'user' | 'excludeCredentials'> & {
  challenge: string
  user: { id: string; name: string; displayName: string }
  excludeCredentials?: Descriptor[]
}
type Request = Omit<PublicKeyCredentialRequestOptions, 'challenge' | 'allowCredentials'> & {
  challenge: string
  allowCredentials?: Descriptor[]
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
  const field = form.elements.namedItem('response') as HTMLInputElement
  const failed = document.getElementById('passkey-failed')
  if (!('PublicKeyCredential' in window)) {
    failed?.removeAttribute('hidden')
    continue
  }
  form.hidden = false
  form.addEventListener('submit', async (event) => {
    if (field.value) return
    event.preventDefault()
    failed?.setAttribute('hidden', '')
    try {
      const options = JSON.parse(form.dataset.options!)
      field.value = JSON.stringify(await (form.dataset.passkey === 'create' ? create(options) : sign(options)))
      form.requestSubmit()
    } catch {
      // Refused by the person, no passkey at hand, or another host than ours: the same to us.
      failed?.removeAttribute('hidden')
      failed?.focus()
    }
  })
}

// The browser's way back brings the page with its field as it was; what was signed counts once.
addEventListener('pageshow', () => {
  for (const field of document.querySelectorAll<HTMLInputElement>('form[data-passkey] [name=response]'))
    field.value = ''
})

async function create(options: Creation): Promise<object> {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: options.excludeCredentials?.map(withBytes),
  }
  const credential = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential
  const response = credential.response as AuthenticatorAttestationResponse
  return sent(credential, {
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  })
}

async function sign(options: Request): Promise<object> {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: options.allowCredentials?.map(withBytes),
  }
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential
  const response = credential.response as AuthenticatorAssertionResponse
  return sent(credential, {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    ...(response.userHandle && { userHandle: text(response.userHandle) }),
  })
}

const sent = ({ id, rawId, type }: PublicKeyCredential, response: object) => ({
  id,
  rawId: text(rawId),
  type,
  response,
  clientExtensionResults: {},
})

const withBytes = (descriptor: Descriptor) => ({ ...descriptor, id: bytes(descriptor.id) })

// Base64url, as the server writes and reads it; older browsers have no helpers of their own.
const bytes = (base64url: string) =>
  Uint8Array.from(atob(base64url.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0))
const text = (buffer: ArrayBuffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')
