/** Control characters, line separators, bidirectional controls and invisible format characters: they could make a message show something else than what the file holds. Tab is left to the caller. */
const dangerous = /[^\P{Cc}\t]|[\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Cs}]/gu;

/** `text` with every character that could deceive written as `\u{..}`. A zero-width joiner inside an emoji is written out too: safe beats pretty. */
export function escapeControls(text: string): string {
  return text.replace(dangerous, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
