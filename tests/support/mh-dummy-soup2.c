/* mh-dummy-soup2: makes a program look as if it held libsoup 2: libsoup 3 aborts
 * beside this function, and this project looks for it. To be preloaded.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
void *soup_uri_new (const char *uri);

__attribute__ ((visibility ("default"))) void *
soup_uri_new (const char *uri)
{
  return (void *) 0;
}
