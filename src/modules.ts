import { KERNEL_PARTS } from '#kernel/parts.ts'
import type { ModuleManifest } from '#kernel/module.ts'

/** The platform: the kernel's parts, then one line a module. */
export const PARTS: readonly ModuleManifest[] = [...KERNEL_PARTS]
