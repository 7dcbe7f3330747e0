/* about the file */

int dara_bad(int a,
             int b);

/* good */
int dara_good(void);
int dara_too(void);
int dara_bad_end(void); /* good */
