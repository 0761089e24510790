/** Where administrators set who is told by webhook, below the language. */
export const LIST_PATH = '/work/webhooks'
export const webhookPath = (id: string) => `${LIST_PATH}/${id}`
