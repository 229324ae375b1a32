/* mh-sender-consent: sessions that wait for the visitor to agree.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-sender-private.h"

/* Each session that is opened says that its visitor has agreed: mostly there is none
 * that waits for that. */
void
mh_sender_consent (MhSender *sender, const MhConfig *config, MhConsentFunc func,
    gpointer user_data)
{
  g_autoptr (GArray) keys = NULL;

  if (mh_store_count_withheld (sender->store) == 0)
    return;
  keys = mh_store_dup_sessions (sender->store);
  for (guint i = 0; i < keys->len; i++) {
    gint64 key = g_array_index (keys, gint64, i);
    const MhStoreSession *row = mh_store_get_session (sender->store, key);
    SenderSession *session = g_hash_table_lookup (sender->sessions, &key);

    if (!row->consent || !func (key, user_data) ||
        !mh_config_consents (config, row->consent))
      continue;
    mh_store_set_text (sender->store, key, MH_STORE_CONSENT, NULL);
    /* What another version has stored, that one may send. */
    if (session && session->state == STATE_IDLE)
      mh_sender_set_state (sender, session, STATE_READY);
  }
}
