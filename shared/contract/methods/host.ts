import { z } from 'zod';
import { wireErrorSchema } from '../../errors/schema.ts';
import { doctorReportSchema } from '../../model/doctor.ts';
import { directorySchema } from '../../model/ids.ts';
import { settingsPatchSchema, settingsSchema } from '../../model/settings.ts';
import { method, nothing } from './method.ts';

/** Settings, working directories, and the host itself. */
export const hostMethods = {
  'settings.update': method(z.object({ patch: settingsPatchSchema }), z.object({ settings: settingsSchema })),

  /** Directories that earlier turns ran in, or that something is kept for; the most recently used first. */
  'projects.list': method(
    nothing,
    z.object({
      projects: z.array(
        z.object({
          projectDir: directorySchema,
          conversations: z.number().int().nonnegative(),
          credentials: z.number().int().nonnegative(),
        }),
      ),
    }),
  ),
  /**
   * The meaning of a working directory that is being typed (`~`, relative to the home folder, quotes, `file:///…`): its
   * absolute path (null: nothing was typed), why a turn cannot work there, and which folders it may become.
   * `sandboxed`:
   * a folder that holds more than a project is refused to a sandboxed agent only.
   */
  'projects.look': method(
    z.object({ typed: z.string().max(4096), sandboxed: z.boolean() }),
    z.object({
      directory: z.string().nullable(),
      problem: wireErrorSchema.optional(),
      completions: z.array(z.string()).readonly(),
    }),
  ),
  /** Opens the native folder dialog; null when it was closed, or when the host has none. */
  'projects.choose': method(nothing, z.object({ projectDir: directorySchema.nullable() })),

  'doctor.run': method(nothing, z.object({ report: doctorReportSchema })),

  /** Answers, and does nothing else: a window asks it to learn whether its host is frozen. */
  'host.ping': method(nothing, nothing),

  /** Takes back that Perch ends after its turns. */
  'host.stay': method(nothing, nothing),

  /** A fresh one-time address of the browser window; only where this core serves one, only for the command line. */
  'host.windowUrl': method(
    nothing,
    z.object({
      url: z.url(),
      /** The process that serves it. */
      pid: z.number().int().optional(),
    }),
  ),
} as const;
