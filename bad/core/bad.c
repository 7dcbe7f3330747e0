return dara_error_set(DARA_EFILE, "it "
                                  "failed (%s).", ")");
dara_error_hint("Do it");
dara_error_set(DARA_EFILE, "no table %s", name);
dara_error_detail("good %s '%s'", a, "b");
