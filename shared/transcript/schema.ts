import { z } from 'zod';
import { wireErrorSchema } from '../errors/schema.ts';
import { backgroundLeftFields } from '../model/background.ts';
import { guardedFileSchema } from '../model/guarded-file.ts';
import {
  noticeFields,
  permissionOutcomeSchema,
  permissionRequestFields,
  planEntriesSchema,
  sessionStartedSchema,
  toolCallFields,
  turnAcceptedSchema,
  turnOutcomeSchema,
  usageSchema,
} from '../model/run-event.ts';

const seq = z.number().int().positive();

const transcriptItemSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('message'), seq, text: z.string() }),
  z.object({ kind: z.literal('thought'), seq, text: z.string() }),
  z.object({ kind: z.literal('terminal'), seq, text: z.string() }),
  z.object({ kind: z.literal('tool'), seq, ...toolCallFields }),
  z.object({ kind: z.literal('plan'), seq, entries: planEntriesSchema }),
  z.object({
    kind: z.literal('permission'),
    seq,
    request: z.object(permissionRequestFields),
    outcome: permissionOutcomeSchema.optional(),
  }),
  z.object({ kind: z.literal('credential'), seq, error: wireErrorSchema, supplied: z.boolean() }),
  z.object({ kind: z.literal('background'), seq, ...backgroundLeftFields }),
  z.object({ kind: z.literal('file'), seq, file: guardedFileSchema }),
  z.object({ kind: z.literal('notice'), seq, notice: z.object(noticeFields) }),
]);

/** The transcript of a turn that ended: it remains after the turn's events are gone. */
export const foldedTranscriptSchema = z.object({
  seq: z.number().int().nonnegative(),
  accepted: turnAcceptedSchema.optional(),
  session: sessionStartedSchema.optional(),
  items: z.array(transcriptItemSchema),
  usage: usageSchema.optional(),
  result: turnOutcomeSchema.optional(),
});
export type FoldedTranscript = z.infer<typeof foldedTranscriptSchema>;
