/** What one was told, and what of it comes by e-mail: pages of the workspace, below the language. */
export const LIST_PATH = '/work/notifications'
export const SETTINGS_PATH = '/work/notifications/settings'
