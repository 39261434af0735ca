import type { ConformanceCase, ExpectedUpdate } from '../conformance/conformance-case.ts'

/**
 * What a fixture becomes; its tenant stands before the conversation's first colon. Without an id it has a
 * hash.
 */
function one(
  id: string | undefined,
  kind: string,
  conversation: string,
  user?: string,
  text?: string,
  sentAtMs?: number,
): ExpectedUpdate {
  const [tenant] = conversation.split(':')
  return { ...(id !== undefined && { id }), kind, conversation, user, tenant, text, sentAtMs }
}

/** The updates of all of Slack's fixtures, read by hand. */
export const expected: ConformanceCase['fixtures'] = {
  'bolt-event-app-home-opened.json': [one('Ev111', 'other', 'E111:D111', 'W111', undefined, 1606810927510)],
  'bolt-event-app-mention-3.json': [
    one('C111:1595926230.009600', 'message', 'E111:C111', 'W222', '<@W111> Hi there!', 1595926230009),
  ],
  'bolt-event-app-mention-4.json': [
    one('C111:1595926230.009600', 'message', 'T_INSTALLED:C111', 'W222', '<@W111> Hi there!', 1595926230009),
  ],
  'bolt-event-app-mention.json': [
    one('C111:1595926230.009600', 'message', 'T111:C111', 'W222', '<@W111> Hi there!', 1595926230009),
  ],
  'bolt-event-app-uninstalled-3.json': [
    one('Ev111', 'membership', 'E111', undefined, undefined, 1606805974000),
  ],
  'bolt-event-app-uninstalled.json': [
    one('Ev111', 'membership', 'T111', undefined, undefined, 1599616881000),
  ],
  'bolt-event-member-joined-channel-2.json': [
    one('Ev111', 'membership', 'T111:C111', 'U999', undefined, 1599616881000),
  ],
  'bolt-event-member-joined-channel-3.json': [
    one('Ev111', 'membership', 'T_INSTALLED:C111', 'W23456789', undefined, 1599616881000),
  ],
  'bolt-event-member-joined-channel.json': [
    one('Ev111', 'membership', 'T111:C111', 'W23456789', undefined, 1599616881000),
  ],
  'bolt-event-member-left-channel-3.json': [
    one('Ev111', 'membership', 'E333:C111', 'W111', undefined, 1610493715000),
  ],
  'bolt-event-member-left-channel-4.json': [
    one('Ev111', 'membership', 'T_INSTALLED:C111', 'W23456789', undefined, 1599616881000),
  ],
  'bolt-event-member-left-channel-5.json': [
    one('Ev111', 'membership', 'T_INSTALLED:C111', 'U999', undefined, 1599616881000),
  ],
  'bolt-event-member-left-channel.json': [
    one('Ev111', 'membership', 'T111:C111', 'W23456789', undefined, 1599616881000),
  ],
  'bolt-event-message-2.json': [
    one('C111:1596183880.004200', 'message', 'T111:C111', 'W111', 'Hello World!', 1596183880004),
  ],
  'bolt-event-message-4.json': [
    one(
      'C111:1596183880.004200',
      'message',
      'T111:C111',
      'W111',
      'Please fix JIRA-1234, SCM-567 and BUG-169 as soon as you can!',
      1596183880004,
    ),
  ],
  'bolt-event-message-6.json': [
    one(
      'C111:1610261539.000900',
      'message',
      'T111:C111',
      'UB111',
      'Hi there! Thanks for sharing the info!',
      1610261539000,
    ),
  ],
  'bolt-event-message-bot-message-2.json': [
    one(
      'C111:1658282075.825129',
      'other',
      'T111:C111',
      undefined,
      'Hi there! This is a reply using response_url.',
      1658282075825,
    ),
  ],
  'bolt-event-message-bot-message-3.json': [
    one(
      'C111:1610262363.001600',
      'other',
      'T111:C111',
      undefined,
      'Hi there! Thanks for sharing the info!',
      1610262363001,
    ),
  ],
  'bolt-event-message-file-share-2.json': [
    one('C111:1652227646.593159', 'message', 'T111:C111', 'U111', 'Hi there!', 1652227646593),
  ],
  'bolt-event-message-file-share.json': [
    one('G111:1610493715.001000', 'other', 'T111:G111', 'U111', 'Here is your file!', 1610493715001),
  ],
  'bolt-event-message-thread-broadcast.json': [
    one('C111:1633670813.007500', 'message', 'T111:C111', 'U111', 'Hi there!', 1633670813007),
  ],
  'bolt-event-message.json': [
    one('C111:1606810819.000800', 'message', 'E111:C111', 'W111', '<@W222>', 1606810819000),
  ],
  'bolt-event-reaction-added-2.json': [
    one('Ev111', 'reaction', 'T111:C111', 'W23456789', undefined, 1599616881000),
  ],
  'bolt-event-reaction-added-4.json': [
    one('Ev111', 'reaction', 'T_INSTALLED:C111', 'W23456789', undefined, 1599616881000),
  ],
  'bolt-event-team-access-revoked.json': [
    one('Ev111', 'membership', 'E111', undefined, undefined, 1606805732987),
  ],
  'bolt-event-tokens-revoked-2.json': [
    one('Ev111', 'membership', 'T_INSTALLED', undefined, undefined, 1599616881000),
  ],
  'bolt-event-tokens-revoked-3.json': [
    one('Ev111', 'membership', 'E111', undefined, undefined, 1606805974000),
  ],
  'bolt-event-tokens-revoked.json': [one('Ev111', 'membership', 'T111', undefined, undefined, 1599616881000)],
  'bolt-interactive-block-actions-3.form.json': [
    one('111.222.valid', 'button', 'T111:C111', 'W111', 'click_me_123', 1596530385194),
  ],
  'bolt-interactive-interactive-message.form.json': [
    one('111.222.valid', 'button', 'T111:C222', 'U111', 'C111', 1520966872245),
  ],
  'bolt-interactive-message-action.form.json': [
    one('111.222.xxx', 'command', 'T111:C111', 'W111', '/test-shortcut', 1583637157207),
  ],
  'bolt-interactive-shortcut.form.json': [
    one('111.111.xxxxxx', 'command', 'T111:user:W111', 'W111', '/test-shortcut', 111111),
  ],
  'bolt-interactive-view-submission-4.form.json': [
    one(
      '111.222.xxx',
      'modal',
      'T111:view:V111',
      'W111',
      'The important task\nThis is the task for you!\nseratch@example.com',
    ),
  ],
  'bolt-interactive-view-submission.form.json': [
    one('111.222.valid', 'modal', 'T111:view:V111', 'W111', 'test'),
  ],
  'event-actions-reactions-reaction.json': [
    one(undefined, 'reaction', 'T00FAKE00AA:C00FAKECHAN1', 'U00FAKEUSER1', undefined, 1767326140000),
  ],
  'event-channel-mention-mention.json': [
    one(
      'C00FAKECHAN1:1773327463.619929',
      'message',
      'T00FAKE00AA:C00FAKECHAN1',
      'U00FAKEUSER1',
      '<@U00FAKEBOT01> Can you see the name of this channel: <#C00FAKECHAN2>?',
      1773327463619,
    ),
  ],
  'event-dm-dm-message.json': [
    one(
      'D0A5319PS02:1767377001.319859',
      'message',
      'T00FAKE00AA:D0A5319PS02',
      'U00FAKEUSER1',
      'Hey!',
      1767377001319,
    ),
  ],
  'event-dm-dm-request.json': [
    one(
      'C00FAKECHAN1:1767376993.596659',
      'message',
      'T00FAKE00AA:C00FAKECHAN1',
      'U00FAKEUSER1',
      'DM me',
      1767376993596,
    ),
  ],
  'event-dm-slack-direct-follow-up.json': [
    one(
      'D0ACX51K95H:1771442498.377609',
      'message',
      'T0ADGE2G4EM:D0ACX51K95H',
      'U0ADXQT6CRW',
      'cool!!',
      1771442498377,
    ),
  ],
  'event-member-joined-channel-mention.json': [
    one(
      'C00FAKECHAN1:1772518347.953719',
      'message',
      'T00FAKE00AA:C00FAKECHAN1',
      'U00FAKEUSER1',
      '<@U00FAKEBOT01> test',
      1772518347953,
    ),
  ],
  'event-modals-mention.json': [
    one(
      'C00FAKECHAN2:1769220155.940449',
      'message',
      'T00FAKE00BB:C00FAKECHAN2',
      'U00FAKEUSER2',
      '<@U00FAKEBOT02> Hello',
      1769220155940,
    ),
  ],
  'event-modals-slack-private-metadata-mention.json': [
    one(
      'C0A9D9RTBMF:1771116676.529969',
      'message',
      'T0A8YAUUGMU:C0A9D9RTBMF',
      'U0A8WUV28QM',
      '<@U0A9G5N5URZ> test',
      1771116676529,
    ),
  ],
  'event-native-table-mention.json': [
    one(
      'C00FAKECHAN1:1772914709.229499',
      'message',
      'T00FAKE00AA:C00FAKECHAN1',
      'U00FAKEUSER1',
      '<@U00FAKEBOT01> Hey',
      1772914709229,
    ),
  ],
  'event-slack-mention.json': [
    one(
      'C00FAKECHAN1:1767224888.280449',
      'message',
      'T00FAKE00AA:C00FAKECHAN1',
      'U00FAKEUSER1',
      '<@U00FAKEBOT01> Hey',
      1767224888280,
    ),
  ],
  'event-slack-multi-workspace-team2-mention.json': [
    one(
      'C0B5FGHJKLM:1770677100.789012',
      'message',
      'T0B3ZCXXNRV:C0B5FGHJKLM',
      'U0B1JRWK4YP',
      '<@U0B2H7P8VTX> hello from team 2',
      1770677100789,
    ),
  ],
  'event-streaming-ai-mention-with-file.json': [
    one(
      'C00FAKECHAN3:1770241970.822989',
      'message',
      'T00FAKE00BB:C00FAKECHAN3',
      'U00FAKEUSER2',
      "<@U00FAKEBOT01> [AI] I don't really understand this explanation.",
      1770241970822,
    ),
  ],
  'event-streaming-ai-mention.json': [
    one(
      'C00FAKECHAN1:1767406613.568609',
      'message',
      'T00FAKE00AA:C00FAKECHAN1',
      'U00FAKEUSER1',
      '<@U00FAKEBOT01> AI What is love?',
      1767406613568,
    ),
  ],
  'event-streaming-prompt-message.json': [
    one(
      'C08REALCHAN1:1775407827.773439',
      'other',
      'T08REALTEAM1:C08REALCHAN1',
      'U08REALBOT1',
      '*Which option should I use?* Select an option to continue:',
      1775407827773,
    ),
  ],
  'interactive-actions-reactions-radio-buttons-action.form.json': [
    one(
      '10215325802133.3901254001572.radiobuttons123',
      'button',
      'T00FAKE00AA:C00FAKECHAN1',
      'U00FAKEUSER1',
      'all_text',
      1767326135289,
    ),
  ],
  'interactive-actions-reactions-static-select-action.form.json': [
    one(
      '10215325802133.3901254001572.staticselect123',
      'button',
      'T00FAKE00AA:C00FAKECHAN1',
      'U00FAKEUSER1',
      'greet',
      1767326130289,
    ),
  ],
  'interactive-modals-ephemeral-view-submission.form.json': [
    one(
      '10513412613426.10229338706656.56d90cbf0a2ef4d7fc85f753d0425473',
      'modal',
      'T00FAKE00BB:view:V0AFG9NQY65',
      'U00FAKEUSER2',
      'Hello!',
    ),
  ],
  'interactive-modals-slack-private-metadata-action.form.json': [
    one(
      '10526038289633.10304368968742.5aa4a10bba75d137a3ba31e28ac3a3a9',
      'button',
      'T0A8YAUUGMU:C0A9D9RTBMF',
      'U0A8WUV28QM',
      'bug',
      1771116685733,
    ),
  ],
  'interactive-modals-slack-private-metadata-view-submission.form.json': [
    one(
      '10526038284865.10304368968742.5dc6e5fcf88f88b9deb73ab0957bc3c4',
      'modal',
      'T0A8YAUUGMU:view:V0AEWMF8C3D',
      'U0A8WUV28QM',
      'tes\ntest\nhigh',
    ),
  ],
  'interactive-modals-view-submission.form.json': [
    one(
      '10348409668983.10229338706656.91080fe083940dcea332270e757368a5',
      'modal',
      'T00FAKE00BB:view:V0AB2P1M2HX',
      'U00FAKEUSER2',
      'Hello!\nfeature\nuser@example.com',
    ),
  ],
  'interactive-native-table-action.form.json': [
    one(
      '10681202919760.3901254001572.fakefakefake',
      'button',
      'T00FAKE00AA:C00FAKECHAN1',
      'U00FAKEUSER1',
      'show-table',
      1772914716292,
    ),
  ],
  'interactive-slash-commands-view-submission.form.json': [
    one(
      '10508000345735.10229338706656.1d14116e4b7b4893f2fad4c24f913293',
      'modal',
      'T00FAKE00BB:view:V0AF71PAUQK',
      'U00FAKEUSER2',
      'Hello!\nfeature\nuser@example.com',
    ),
  ],
  'raw-app-context-changed.json': [
    one('Ev0AGENTCTX1', 'other', 'T00FAKE00AA:D00FAKEDM001', 'U00FAKEUSER1', undefined, 1771460500111),
  ],
  'raw-message-2.json': [
    one(
      'C00FAKECHAN1:1766458029.244159',
      'other',
      'T00FAKE00AA:C00FAKECHAN1',
      'U00FAKEBOT01',
      "Thanks for mentioning me! I'm now listening to this thread.\n\n_Connected via slack_",
      1766458029244,
    ),
  ],
  'raw-message-5.json': [
    one(
      'D00FAKEDM001:1771460600.222190',
      'message',
      'T00FAKE00AA:D00FAKEDM001',
      'U00FAKEUSER1',
      'summarize this',
      1771460600222,
    ),
  ],
  'raw-message-6.json': [
    one(
      'D00FAKEDM001:1771460800.444100',
      'message',
      'T00FAKE00AA:D00FAKEDM001',
      undefined,
      '<@U00FAKEUSER1> archived the channel <#C00FAKECHAN1>',
      1771460800444,
    ),
  ],
  'raw-message-message-changed-2.json': [
    one(
      'Ev0A4QA0SJSK',
      'other',
      'T00FAKE00AA:C00FAKECHAN1',
      'U00FAKEBOT01',
      'Thanks for your message',
      1766458034001,
    ),
  ],
  'raw-message-message-changed.json': [
    one(
      'Ev0A53MVM13Q',
      'other',
      'T00FAKE00AA:C00FAKECHAN1',
      'U00FAKEBOT01',
      'Just a little bit...',
      1766458033001,
    ),
  ],
  'raw-message.json': [
    one(
      'C00FAKECHAN1:1766458026.240809',
      'message',
      'T00FAKE00AA:C00FAKECHAN1',
      'U00FAKEUSER1',
      '<@U00FAKEBOT01> 1',
      1766458026240,
    ),
  ],
  'slash-slash-commands-slash-command-with-args.form.json': [
    one(
      '10520020890661.10229338706656.2e2188a074adf3bf9f8456b30180f405',
      'command',
      'T00FAKE00BB:C00FAKECHAN3',
      'U00FAKEUSER2',
      '/test-feedback some arguments here',
    ),
  ],
  'synthetic-app-rate-limited.json': [one('app_rate_limited:T123ABC456:1518467820', 'other', 'T123ABC456')],
  'synthetic-block-suggestion.form.json': [
    one(undefined, 'autocomplete', 'T00FAKE00AA:C00FAKECHAN1', 'U00FAKEUSER1', 'Mün'),
  ],
  'synthetic-channel-created.json': [
    one('Ev00FAKECRE1', 'other', 'T00FAKE00AA:C00FAKECHAN9', 'U00FAKEUSER1', undefined, 1772914730000),
  ],
  'synthetic-message-deleted.json': [
    one('Ev00FAKEDEL1', 'other', 'T00FAKE00AA:C00FAKECHAN1', 'U00FAKEUSER1', undefined, 1772914720000),
  ],
  'synthetic-org-wide-block-actions.form.json': [
    one('333.444.valid', 'button', 'E111:C111', 'W111', 'W222', 1596530385194),
  ],
  'synthetic-shared-channel-message.json': [
    one(
      'C_SHARED:1772914740.000400',
      'message',
      'T_INSTALLED:C_SHARED',
      'U_SOURCE',
      'hi there',
      1772914740000,
    ),
  ],
  'synthetic-signature-vector-slash-command.form.json': [
    one(
      '398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
      'command',
      'T1DC2JH3J:G8PSS9T3V',
      'U2CERLKJA',
      '/webhook-collect',
    ),
  ],
  'synthetic-ssl-check.form.json': 'handshake',
  'synthetic-unknown-event.json': [
    one('Ev00FAKEUNK1', 'other', 'T00FAKE00AA', undefined, undefined, 1772914750000),
  ],
  'synthetic-view-closed.form.json': [
    one(undefined, 'modal', 'T00FAKE00AA:view:V00FAKEVIEW1', 'U00FAKEUSER1'),
  ],
  'url-verification.json': 'handshake',
}
